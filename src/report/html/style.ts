/**
 * The page's style: one sheet for screens light and dark, phones and A4. Charts take their colours from the same
 * custom properties. Nothing is loaded: fonts are those of the reader's system.
 */

const LIGHT = `
--ground:#f6f7f8;--card:#fff;--ink:#1c2329;--muted:#5b6770;--line:#dfe3e6;--link:#1c5d99;--warn:#8a2b0d;--warn-ground:#fdf0e7;
--c1:#2f6ea5;--c2:#c9772b;--c3:#3c8a63;--c4:#7b5aa6;--c5:#b04a56;--c6:#6b7a86;
--v0:#a32424;--v1:#b4540a;--v2:#8a6d00;--v3:#22707a;--v4:#5b6770`;

const DARK = `
--ground:#14181c;--card:#1c2126;--ink:#e6eaed;--muted:#9aa7b0;--line:#323a41;--link:#7db8ec;--warn:#f2b48f;--warn-ground:#3a2418;
--c1:#69a9e0;--c2:#e0a062;--c3:#6fbf95;--c4:#b196d9;--c5:#de8590;--c6:#93a2ae;
--v0:#f08a84;--v1:#eea267;--v2:#dcc05a;--v3:#6cc3cd;--v4:#9aa7b0`;

const SHEET = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;scroll-padding-top:3.4rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:break-word}
li bdi,dd bdi,.note bdi,.hash bdi,summary bdi{overflow-wrap:anywhere}
header,main,footer{max-width:1240px;margin:0 auto;padding:0 24px}
header{padding-top:30px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:21px;line-height:1.3;margin:0 0 12px;padding-top:6px}
h3{font-size:15px;margin:20px 0 8px}
h4{font-size:13.5px;margin:18px 0 6px}
h4 small{font-weight:400;color:var(--muted);margin-left:.5em}
p{margin:0 0 10px}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
small,.small{font-size:12px}
small,.note{color:var(--muted)}
.note{font-size:13px;max-width:80ch;text-wrap:pretty}
.prose{max-width:80ch}
ul{margin:0 0 10px;padding-left:1.25em}
li{margin:3px 0}
.lead{color:var(--muted);margin:0}
.absent{color:var(--muted);font-style:italic}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
nav{position:sticky;top:0;z-index:2;background:var(--ground);border-bottom:1px solid var(--line);margin-top:18px}
nav ul{max-width:1240px;margin:0 auto;padding:0 24px;list-style:none;display:flex;gap:2px 20px;overflow-x:auto;white-space:nowrap;font-size:14px}
nav li{margin:0}
nav a{display:block;padding:10px 0;text-decoration:none}
nav a:hover{text-decoration:underline}
section{margin:34px 0}
.warning{background:var(--warn-ground);color:var(--warn);border-left:4px solid;padding:10px 14px;margin:14px 0 0;max-width:none}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:14px}
.tile,.card,details.host{background:var(--card);border:1px solid var(--line);border-radius:6px}
.tile{padding:14px 16px}
.tile h3{margin:0;font-size:13px;font-weight:600;color:var(--muted)}
.tile p{font-size:13px;color:var(--muted);margin:0 0 2px}
.tile .value{font-size:30px;line-height:1.25;font-weight:650;color:var(--ink);letter-spacing:-.015em;margin:2px 0 4px;font-variant-numeric:tabular-nums}
.tile .value.absent{font-size:20px;font-weight:400;color:var(--muted);line-height:37px}
.tile.alarming{border-color:var(--v0)}
.tile.alarming .value{color:var(--v0)}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
.card{padding:14px 16px;margin:0;min-width:0}
.card.whole{grid-column:1/-1}
.card h3{margin:0 0 4px}
.card>.note:last-child,.card>.scroll:last-child{margin-bottom:0}
.card .scroll{margin-top:8px}
.chart svg{display:block;width:100%;height:auto;max-width:560px}
.chart svg.narrow{display:none}
.chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.legend{font-size:12.5px;color:var(--muted);margin:0}
.key{margin-right:16px}
.key::before{content:"";display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.k1::before{background:var(--c1)}.k2::before{background:var(--c2)}.k3::before{background:var(--c3)}.k4::before{background:var(--c4)}.k5::before{background:var(--c5)}.k6::before{background:var(--c6)}
.scroll{overflow-x:auto;margin:0 0 12px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:6px 14px 6px 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;color:var(--muted);white-space:nowrap;border-bottom-color:var(--muted)}
tbody tr:last-child>*{border-bottom:0}
.f{text-align:right}
td.f{white-space:nowrap;padding-right:26px}
th.f{padding-right:26px}
th.f:last-child,td.f:last-child{padding-right:0}
.small{display:inline-block;min-width:15em;max-width:30em}
td.f small{white-space:normal;display:inline-block;max-width:15em}
.badge{display:inline-block;font-size:12px;font-weight:600;line-height:1.45;padding:0 7px;border:1px solid;border-radius:9px;white-space:nowrap}
.v0{color:var(--v0)}.v1{color:var(--v1)}.v2{color:var(--v2)}.v3{color:var(--v3)}.v4{color:var(--v4)}
.strength{white-space:nowrap}
.s0,.s1{font-weight:600}
.s2,.s3{color:var(--muted)}
.controls{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;margin:0 0 10px;font-size:14px}
.controls[hidden],button[hidden]{display:none}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:5px;padding:5px 9px}
input{width:17em;max-width:100%}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--c1);outline-offset:1px}
output{color:var(--muted)}
#host-table{background:var(--card);border:1px solid var(--line)}
#host-table th,#host-table td{padding:7px 8px}
#host-table thead button{border:0;background:none;padding:0;font-weight:600;color:inherit}
#host-table th[aria-sort]{color:var(--ink)}
#host-table th[aria-sort=ascending] button::after{content:" \\2191"}
#host-table th[aria-sort=descending] button::after{content:" \\2193"}
#host-table{table-layout:fixed;min-width:1060px}
#host-table td{overflow-wrap:anywhere}
#host-table th{white-space:normal}
#host-table thead button{text-align:left}
#host-table th:nth-child(1){width:11%}
#host-table th:nth-child(2){width:9.5%}
#host-table th:nth-child(3){width:8%}
#host-table th:nth-child(4){width:12%}
#host-table th:nth-child(5){width:11.5%}
#host-table th:nth-child(6){width:6.5%}
#host-table th:nth-child(7){width:8.5%}
#host-table th:nth-child(8){width:10.5%}
#host-table th:nth-child(9){width:8.5%}
#host-table td:nth-child(n+9){font-size:12px}
details.host{margin:0 0 8px;padding:0 16px}
details.host[open]{padding-bottom:12px}
details.host>summary{cursor:pointer;padding:10px 0}
details.host[open]>summary{border-bottom:1px solid var(--line);margin-bottom:12px}
.address{font-weight:650;font-variant-numeric:tabular-nums;margin-right:6px}
.summary{color:var(--muted);font-size:13px;margin-left:6px}
dl{margin:0}
dd{margin:0}
dt{color:var(--muted)}
.facts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:6px 28px;font-size:13px}
.facts>div{display:grid;grid-template-columns:7.5em minmax(0,1fr);gap:8px}
.facts ul{margin:2px 0 0}
.terms>div{display:grid;grid-template-columns:10em minmax(0,70ch);gap:14px;padding:6px 0}
.terms dt{color:var(--ink);font-weight:600}
.back{font-size:13px;margin:10px 0 0}
.hash{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;font-size:11px}
.compare th[scope=row]{font-weight:400;color:var(--muted);width:22%}
.compare td{width:39%}
.compare.own th[scope=row]{width:16%;min-width:8.5em}
.compare.own td{width:28%;min-width:9em}
.compare .part th{color:var(--muted);padding-top:14px;border-bottom-color:var(--muted)}
#host-table .brief,.paper{display:none}
footer{border-top:1px solid var(--line);padding-top:14px;padding-bottom:40px;color:var(--muted);font-size:13px}
@media (max-width:760px){
header,main,footer{padding-left:16px;padding-right:16px}
nav ul{padding:0 16px}
h1{font-size:25px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}
.tile{padding:11px 12px}
.tile .value{font-size:23px}
.tile .value.absent{font-size:17px;line-height:29px}
.grid,.facts{grid-template-columns:minmax(0,1fr)}
.chart svg.wide{display:none}
.chart svg.narrow{display:block}
details.host{padding:0 12px}
thead th{white-space:normal;vertical-align:bottom}
th,td{padding-right:10px}
th.f,td.f{padding-right:14px}
.terms>div{grid-template-columns:minmax(0,1fr);gap:2px}
}
@media screen and (max-width:760px){
table{font-size:12px}
th,td,th.f,td.f{padding-right:7px}
td.f{white-space:normal}
.small{min-width:0;font-size:11px;overflow-wrap:anywhere}
table.wide,.wide tbody,.wide tr,.wide td{display:block}
.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.wide tr{border-bottom:1px solid var(--line);padding:5px 0}
.wide td,.wide td.f{display:flow-root;border:0;text-align:left;padding:1px 0 1px 9em;min-height:1.4em;overflow-wrap:anywhere}
.wide td::before{content:attr(data-l);float:left;width:8.8em;margin-left:-9em;color:var(--muted)}
.wide td:empty{display:none}
#host-table,#host-table tbody,#host-table tr{display:block;max-width:none;min-width:0}
#host-table{border:0;background:none;min-width:0}
#host-table thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
#host-table tr{background:var(--card);border:1px solid var(--line);border-radius:6px;margin:0 0 8px;padding:8px 12px}
#host-table td{display:flow-root;max-width:none;min-width:0;border:0;padding:2px 0 2px 8em;min-height:1.5em;font-size:13px!important;white-space:normal}
#host-table td::before{float:left;width:7.6em;margin-left:-8em;color:var(--muted)}
#host-table td:empty{display:none}
}
@media print{
@page{size:A4;margin:11mm 10mm}
html{color-scheme:light}
body{font-size:8.5pt;line-height:1.3;background:#fff}
.prose,.note{max-width:none}
footer{font-size:7.5pt;padding:6pt 0 0}
footer p{margin:0 0 3pt}
header,main,footer{max-width:none;padding:0}
header{padding-top:0}
nav,.controls,.back,#host-all,#time,#method,#unseen,:is(#breakdown,#by-departments) :is(.chart,.note),#by-reasons,#by-algorithms,#by-coins,.card:has(.absent),#coverage .scroll:last-of-type tr:nth-child(n+6),#coverage .scroll:last-of-type :is(th,td):nth-child(7),#details:not(:has(details[open])),details.host:not([open]),#host-table .fact{display:none}
#host-table .brief{display:inline}
.paper{display:block}
#coverage .scroll:last-of-type td:nth-child(-n+5):not(:first-child){white-space:nowrap}
section{margin:6pt 0}
h1{font-size:17pt}h2{font-size:12.5pt}h3{font-size:9.5pt;margin:5pt 0 2pt}
h2,h3,h4,figcaption,section>.note{break-after:avoid}
.tile,.card,tr,figure,.terms>div{break-inside:avoid}
.card.whole{break-inside:auto}
.tiles{grid-template-columns:repeat(3,1fr);gap:6pt}
.tile{padding:4pt 7pt}
.tile .value{font-size:14pt}
.tile p,.note,.tile h3{font-size:7.5pt}
.grid{display:block}
.grid>*{margin-bottom:4pt}
.card{padding:2pt 7pt}
.scroll{overflow:visible}
table{font-size:7.5pt}
th,td,th.f,td.f{padding:1.5pt 6pt 1.5pt 0}
.small{display:inline}
small,.small{font-size:7pt}
h4 small{font-size:8pt}
thead th{white-space:normal;vertical-align:bottom}
thead{display:table-header-group}
#host-table{border:0;min-width:0}
#host-table th,#host-table td{padding:2pt 4pt 2pt 0;font-size:7pt!important;white-space:normal}
#host-table thead button{display:contents}
#host-table .badge{font-size:6.5pt;padding:0 3pt}
#host-table th:nth-child(3){width:16mm!important}
details.host{border:0;border-top:1px solid var(--line);border-radius:0;padding:0}
#published{break-before:page}
a{color:inherit;text-decoration:none}
.badge{border-color:currentColor}
}`;

/** The whole sheet. `titles` are those of the host table's columns, printed beside its cells on a phone. */
export function pageStyle(titles: readonly string[]): string {
  const labels = titles.map(
    (title, i) => `#host-table td:nth-child(${i + 1})::before{content:${cssString(title)}}`,
  );
  return [
    `:root{${LIGHT}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${DARK}}}`,
    SHEET,
    `@media screen and (max-width:760px){${labels.join('')}}`,
  ].join('\n');
}

/** A string of CSS in which nothing ends the string or the element that holds the sheet. */
function cssString(text: string): string {
  return `"${text.replace(/["\\<>&\n]/g, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
}
