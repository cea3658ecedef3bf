import type { Signature } from '../signature.ts'
import { bitcoin, bitcoinCash, dash, dogecoin, litecoin, zcash } from './bitcoin.ts'
import { ethereumDiscovery, ethereumHandshake, ethereumHandshakes } from './ethereum.ts'
import { levin } from './levin.ts'
import { stratum } from './stratum.ts'

export const mining: readonly Signature[] = [
  bitcoin,
  bitcoinCash,
  litecoin,
  dogecoin,
  dash,
  zcash,
  levin,
  stratum,
  ethereumDiscovery,
  ethereumHandshake,
  ethereumHandshakes,
]
