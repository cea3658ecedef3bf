/** Goes through a pcapng file block by block and says what is wrong with it. Knows nothing of our reader or our writer. */

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OBSOLETE = 2
const SIMPLE = 3
const ENHANCED = 6

/** Octets of each block before its options, the block's type and length included; the data of packets comes on top. */
const FIXED: Readonly<Record<number, number>> = { [SECTION]: 24, [INTERFACE]: 16, [OBSOLETE]: 28, [ENHANCED]: 28 }

/** draft-ietf-opsawg-pcapng §3 and §4. Throws where the file is not as it should be; returns how many packets there are. */
export function walkPcapng(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let little = true
  let interfaces = 0
  let packets = 0
  let at = 0
  const wrong = (what: string): never => {
    throw new Error(`block at ${at}: ${what}`)
  }
  while (at < file.length) {
    if (file.length - at < 12) wrong('cut')
    const isSection = view.getUint32(at, true) === SECTION
    if (at === 0 && !isSection) wrong('no section')
    if (isSection) {
      little = view.getUint32(at + 8, true) === 0x1a2b3c4d
      if (view.getUint32(at + 8, little) !== 0x1a2b3c4d) wrong('no byte order')
      interfaces = 0
    }
    const type = view.getUint32(at, little)
    const total = view.getUint32(at + 4, little)
    if (total % 4 !== 0 || total < 12 || at + total > file.length) wrong(`length ${total}`)
    if (view.getUint32(at + total - 4, little) !== total) wrong('two lengths')
    const end = at + total - 4
    if (type === INTERFACE) interfaces++
    let options = FIXED[type] === undefined ? end : at + FIXED[type]
    if (type === ENHANCED || type === OBSOLETE || type === SIMPLE) {
      packets++
      const id =
        type === ENHANCED ? view.getUint32(at + 8, little) : type === OBSOLETE ? view.getUint16(at + 8, little) : 0
      if (id >= interfaces) wrong(`interface ${id} of ${interfaces}`)
      if (type === SIMPLE) options = end
      else options += (view.getUint32(at + 20, little) + 3) & ~3
    }
    if (options > end) wrong('the data runs past the end')
    if (options < end) walkOptions(view, options, end, little, wrong)
    at += total
  }
  return packets
}

/** §3.5: each within the block, and the mark behind the last one at its end. */
function walkOptions(
  view: DataView,
  first: number,
  end: number,
  little: boolean,
  wrong: (what: string) => never,
): void {
  let at = first
  for (;;) {
    if (end - at < 4) wrong('the options have no end')
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    at += 4
    if (code === 0) {
      if (length !== 0 || at !== end) wrong('octets behind the last option')
      return
    }
    at += (length + 3) & ~3
    if (at > end) wrong(`option ${code} of ${length} octets runs past the end`)
  }
}
