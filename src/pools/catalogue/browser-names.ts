/** Names of browser-miner scripts and relays whose service is not known by name. Source: NoCoin (MIT), 2025-12. */
export const BROWSER_NAMES: readonly string[] = (
  '1q2w3.fun abc.pema.cl aeros01.tk aeros02.tk aeros11.tk aeros12.tk afminer.com analytics.blue ' +
  'andlache.com anybest.pw api.inwemo.com as.cfcdist.loan ashgrrwt.click authedmine.eu ' +
  'authedwebmine.cz autologica.ga axoncoho.tk bablace.com baiduccdn1.com becanium.com berateveng.ru ' +
  'besocial.online bestcoinsignals.com besti.ga bestsrv.de bewaslac.com biberukalap.com ' +
  'binarybusiness.de bitcoin-cashcard.com bitcoin-cashcard.de bitcoin-cashcard.eu bitcoin-pay.eu ' +
  'bitcoin-pocket.de bitcoin-pocket.eu bmcm.ml bmcm.pw bmnr.pw bmst.pw brominer.com browsermine.com ' +
  'candid.zone cashbeet.com cdn.adless.io cdn.cloudcoins.co cdn1.pebx.pl cfcdist.gdn clgserv.pro ' +
  'cloud-miner.de cloud-miner.eu cloudcdn.gdn cloudflane.com cnt.statistic.date coin-have.com ' +
  'coinblind.com coinerra.com coinhiveproxy.com coinminingonline.com coinnebula.com coinpirate.cf ' +
  'crypto-webminer.com crypto.csgocpu.com d.cpufan.club dark-utilities.me dark-utilities.pw ' +
  'dark-utilities.xyz de-mi-nis-ner.info de-ner-mi-nis4.info de-nis-ner-mi-5.info depttake.ga ' +
  'dev.cryptobara.com digger.cryptobara.com donttbeevils.de dronml.ml easyhash.de eth-pocket.com ' +
  'eth-pocket.de eth-pocket.eu ethereum-cashcard.com ethereum-cashcard.de ethereum-cashcard.eu ' +
  'ethereum-pocket.com ethereum-pocket.de ethereum-pocket.eu ethtrader.de eu.cfcdist.loan eucsoft.com ' +
  'f1tbit.com flare-analytics.com flighty.win flightzy.date flightzy.win formulawire.com ' +
  'freecontent.date freecontent.science freecontent.stream freecontent.win g1thub.com gasolina.ml ' +
  'go.bestmobiworld.com go.megabanners.cf goldoffer.online gramombird.com gridiogrid.com ' +
  'gxbrowser.net hashing.win hemnes.win hhb123.tk hide.ovh hive.tubetitties.com hostcontent.live ' +
  'hostingcloud.racing hostingcloud.trade hostingcloud.win igrid.org ininmacerad.pro ' +
  'intelserviceupdate.com jquery-cdn.download jqwww.download js.nahnoji.cz jscdndel.com ' +
  'jscoinminer.com jshosting.party jshosting.win jurty.ml krb.devphp.org.ua laserveradedomaina.com ' +
  'ledhenone.com lightminer.co losital.ru machieved.com mebablo.com mepirtedic.com ' +
  'mi-de-ner-nis3.info mine.nahnoji.cz mine.terorie.com mine.torrent.pw minemytraffic.com ' +
  'miner.cryptobara.com miner.nablabee.com minerad.com minero.pw minescripts.info minexmr.stream ' +
  'minr.pw mm.zubovskaya-banya.ru monero-miner.com monerominer.rocks money-maker-default.info ' +
  'nathetsof.com nch-software.info nerohut.com nfwebminer.com niematego.tk ninaning.com nitrokod.com ' +
  'notmining.org nvidia-graphics.top nvidiacenter.com ocean2.authcaptcha.com offerreality.com ' +
  'ogrid.org okeyletsgo.ml p.estream.to panelsave.com panger-top.click papoto.com pearno.com ' +
  'pertholin.com play.estream.to play.estream.xyz play.istlandoll.com play.mine.gay-hotvideo.net ' +
  'play.nexioniect.com play.on.animeteatr.ru play.pampopholf.com play.tercabilis.info ' +
  'play.video2.stream.vidzi.tv pr0gram.org proofly.win reauthenticator.com renhertfo.com ' +
  'roastedvolt.net rock2.authcaptcha.com s3.pampopholf.com sass2.authcaptcha.com scaleway.ovh ' +
  'sea2.authcaptcha.com serv1swork.com service4refresh.info silimbompom.com site.flashx.cc ' +
  'sparechange.io srcip.com srcips.com statdynamic.com staticsfs.host stone2.authcaptcha.com ' +
  'stonecalcom.com str1kee.com swiftmining.win thewhizmarketing.com thewhizproducts.com ' +
  'traffic.tc-clicks.com trustaproiam.de trusteverything.de tulip18.com uoldid.ru us.cfcdist.loan ' +
  'vceilinichego.ru verifier.live video.streaming.estream.to videoplayer2.xyz vkcdnservice.com ' +
  'vuryua.ru webassembly.stream webmine.cz webmine.pro webminepool.com webminerpool.com webmining.co ' +
  'webxmr.com wordc.ga wp-monero-miner.de wss.nablabee.com wss.rand.com.ru wtm.monitoringservice.co ' +
  'xmr.cool zymerget.win '
)
  .trim()
  .split(' ');
