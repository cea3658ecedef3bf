/** Domain names that options and node information carry: labels as in RFC 1035 §3.1. */
import { lastName, readName } from '../application/dns/name.ts'
import type { Item, Scan } from '../scan.ts'

/** The item is the name here; the walk goes on behind it. A pointer counts from here, as it does to Wireshark. */
export function scanName(scan: Scan, what: Item): void {
  if (!scan.need(1)) return
  const next = readName(scan.bytes, scan.at, scan.at, scan.end)
  if (next < 0) {
    scan.stop()
    return
  }
  scan.put(what, lastName.text)
  scan.skip(next - scan.at)
}
