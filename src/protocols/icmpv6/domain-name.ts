/** Domain names that options and node information carry: labels as in RFC 1035 §3.1. */
import { lastName, newPass, readName } from '../application/dns/name.ts'
import type { Item, Scan } from '../scan.ts'

/** Octets that a name may lead through, as many as an option has (RFC 4861 §4.6): each name of a list may lead through all behind it. */
const MAX_REACH = 2040

/** The item is the name here; the walk goes on behind it. A pointer counts from here, as it does to Wireshark. */
export function scanName(scan: Scan, what: Item): void {
  if (!scan.need(1)) return
  const next = readName(newPass(), scan.bytes, scan.at, scan.at, Math.min(scan.end, scan.at + MAX_REACH))
  if (next < 0) {
    scan.stop()
    return
  }
  scan.put(what, lastName.text)
  scan.skip(next - scan.at)
}
