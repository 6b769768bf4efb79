// THESE ARE TEST KEYS, PUBLISHED ON PURPOSE. They prove nothing to anybody: whoever has read this file has the private
// halves. The lab uses them on loopback, with its fixed ports, so that an inventory can pin its hosts. Never use them elsewhere.

import { readHostKey } from "./host-keys.ts";
import type { HostKey } from "./host-keys.ts";

/** The lab's published host key for a host of its default set, or undefined for any other name. */
export function testHostKey(name: string): HostKey | undefined {
  const pair = pairs.get(name);
  return pair === undefined ? undefined : readHostKey(pair.private, pair.public);
}

const pairs: ReadonlyMap<string, { readonly private: string; readonly public: string }> = new Map([
  [
    "hsm",
    {
      private: `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz
c2gtZWQyNTUxOQAAACC8+xH6VzjZDpEa5hol9IS/kRpVCwgqNVZEORY6X7ckFAAA
AKgFTA2TBUwNkwAAAAtzc2gtZWQyNTUxOQAAACC8+xH6VzjZDpEa5hol9IS/kRpV
CwgqNVZEORY6X7ckFAAAAEAwRUqo/d8li/dnuYrfmNd7KO1tyZzNARteBBaKarCR
dbz7EfpXONkOkRrmGiX0hL+RGlULCCo1VkQ5FjpftyQUAAAAIG9yZG8gbGFiIHRl
c3Qga2V5LCBsb29wYmFjayBvbmx5AQIDBAU=
-----END OPENSSH PRIVATE KEY-----
`,
      public:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILz7EfpXONkOkRrmGiX0hL+RGlULCCo1VkQ5FjpftyQU ordo lab test key, loopback only",
    },
  ],
  [
    "client",
    {
      private: `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz
c2gtZWQyNTUxOQAAACAphvTxdTR7lRFOYbj7zxRo3pqa63KTceWktxzpHU2D7gAA
AKgc+MG2HPjBtgAAAAtzc2gtZWQyNTUxOQAAACAphvTxdTR7lRFOYbj7zxRo3pqa
63KTceWktxzpHU2D7gAAAEA+qyN+//veEugGwJoHKtJK8SEwfCNc5TwW3UsQRZd8
xymG9PF1NHuVEU5huPvPFGjemprrcpNx5aS3HOkdTYPuAAAAIG9yZG8gbGFiIHRl
c3Qga2V5LCBsb29wYmFjayBvbmx5AQIDBAU=
-----END OPENSSH PRIVATE KEY-----
`,
      public:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICmG9PF1NHuVEU5huPvPFGjemprrcpNx5aS3HOkdTYPu ordo lab test key, loopback only",
    },
  ],
  [
    "linux_client",
    {
      private: `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz
c2gtZWQyNTUxOQAAACDVKTjkJp4mVBC7vHWrFTa2CxYKKiG1fKEEaeCVR1f4mQAA
AKgKxGqkCsRqpAAAAAtzc2gtZWQyNTUxOQAAACDVKTjkJp4mVBC7vHWrFTa2CxYK
KiG1fKEEaeCVR1f4mQAAAECtSRPyHwERiNPMTTcamSh/XZoHhgs91fEGHuKnrzPf
ONUpOOQmniZUELu8dasVNrYLFgoqIbV8oQRp4JVHV/iZAAAAIG9yZG8gbGFiIHRl
c3Qga2V5LCBsb29wYmFjayBvbmx5AQIDBAU=
-----END OPENSSH PRIVATE KEY-----
`,
      public:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINUpOOQmniZUELu8dasVNrYLFgoqIbV8oQRp4JVHV/iZ ordo lab test key, loopback only",
    },
  ],
]);
