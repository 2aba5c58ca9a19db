/** Two certificates made for the tests with OpenSSL; their names belong to nobody. */

/** Signed by itself: O=Lab, CN=pool.lab.example, also for *.mine.lab.example. */
export const SELF_SIGNED = Buffer.from(
  'MIIB2zCCAYKgAwIBAgIUV+OyimRnvezo/ysH3H4f4fN7yE4wCgYIKoZIzj0EAwIwKTEMMAoGA1UECgwDTGFiMRkwFwYDVQQDDBBw' +
    'b29sLmxhYi5leGFtcGxlMCAXDTI2MTEyNTAwNDQwNFoYDzIxMjYxMTAxMDA0NDA0WjApMQwwCgYDVQQKDANMYWIxGTAXBgNVBAMM' +
    'EHBvb2wubGFiLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQgZFx/W/9ffdJluHUxUjV6kx5b+7rBwo6OJePtJeGI' +
    't2RtsWq9UGnBD1SJs9jKK0uUO5PFiFiunnVxg7A9R7/2o4GFMIGCMB0GA1UdDgQWBBSmHLYe/MmTddftwiVlHkgThu4odDAfBgNV' +
    'HSMEGDAWgBSmHLYe/MmTddftwiVlHkgThu4odDAPBgNVHRMBAf8EBTADAQH/MC8GA1UdEQQoMCaCEHBvb2wubGFiLmV4YW1wbGWC' +
    'EioubWluZS5sYWIuZXhhbXBsZTAKBggqhkjOPQQDAgNHADBEAiBlYs4odjAiAYn2yU3grY659dcmHWAWd6QJ8XDTiVLLbwIgd92t' +
    '1lU3zrln9f2LO9NTrt1EtpM9i0C1W1g1YclMowc=',
  'base64',
);

/** Issued by "Lab CA": CN=xmr.pool.lab.example, without alternative names. */
export const ISSUED = Buffer.from(
  'MIIBdTCCARygAwIBAgIUJmMJQefvd8DVqy7agxk99x2EJ8EwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGTGFiIENBMCAXDTI2MTEy' +
    'NTAwNDQwNFoYDzIxMjYxMTAxMDA0NDA0WjAfMR0wGwYDVQQDDBR4bXIucG9vbC5sYWIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG' +
    'SM49AwEHA0IABAxXd/yuNEUetYQY3R7x0uUfqrNUAUduFzFF09pCqpGPtIJDsFUGttSR9RgsQgbveSxGbYu5j19NXU4JYQfrZnmj' +
    'QjBAMB0GA1UdDgQWBBSFWB242et7CqBVmQFNPzXGNN6mHjAfBgNVHSMEGDAWgBSBDt3acMasaPluHorCIwrMLDRRdTAKBggqhkjO' +
    'PQQDAgNHADBEAiA/pvXFBVR6I/vHw/zA8PwA4m45Mm3y2YxPYMdhiVr3MQIgNQmdgiGONDrXyKyjtc40vh2lY42vKcfyd3jEfquk' +
    'dWY=',
  'base64',
);
