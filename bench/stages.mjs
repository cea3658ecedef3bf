/**
 * One stage of pcapx by itself, through its library: what a command takes is spread over many stages, and what one of them loses
 * would hardly be seen.
 *
 *   node bench/stages.mjs BUILD STAGE capture.pcap
 *
 * BUILD is a folder with a built pcapx; STAGE is `read`, `decode`, `compile`, `match`, or the name of an analyzer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [build, stage, file] = process.argv.slice(2)
const pcapx = await import(pathToFileURL(join(build, 'dist/index.js')).href)

// How often: enough that starting Node is the smaller part.
const READ_PASSES = 5
const DECODE_PASSES = 20
const MATCH_PASSES = 5
const COMPILE_PASSES = 400
/** Decoding and matching go through the first octets of the capture, held in memory. */
const HELD_LENGTH = 16 * 1_048_576

/** Each decides by what a decoded packet holds; nothing is kept across packets for them. */
const FILTERS = [
  'tcp.port == 111',
  'ip.addr == 10.0.0.0/24',
  'tcp.flags.syn == 1 and tcp.flags.ack == 0',
  'udp or icmp or arp',
  'frame.len > 1000 && !vlan',
  'ipv6.src == 2001:db8::/64 or eth.src == 02:00:00:00:00:01',
  'tcp.dstport in {80, 443, 8000..8999}',
  'tcp.payload contains "HTTP"',
]

const stages = {
  read,
  decode: () => forEachHeld(DECODE_PASSES, () => {}),
  compile() {
    let fields = 0
    for (let pass = 0; pass < COMPILE_PASSES; pass++)
      for (const text of FILTERS) fields += pcapx.compileFilter(text).fields.length
    return fields
  },
  match() {
    const tests = FILTERS.map((text) => pcapx.compileFilter(text).matches)
    let matched = 0
    forEachHeld(MATCH_PASSES, (packet) => {
      for (let index = 0; index < tests.length; index++) if (tests[index](packet)) matched++
    })
    return matched
  },
}

const analyzers = {
  CaptureStatistics: () => new pcapx.CaptureStatistics(),
  ProtocolHierarchy: (context) => new pcapx.ProtocolHierarchy(context),
  Endpoints: () => new pcapx.Endpoints(),
  Destinations: () => new pcapx.Destinations(),
  Flows: (context) => new pcapx.Flows(context),
  HandshakeRtt: (context) => new pcapx.HandshakeRtt(context),
  Unwanted: (context) => new pcapx.Unwanted(context, { policy: pcapx.builtInPolicy() }),
}

async function read() {
  const packet = new pcapx.Packet()
  for (let pass = 0; pass < READ_PASSES; pass++) {
    const source = await pcapx.openSource(file)
    await pcapx.readCapture(source, packet, () => false)
    await source.close()
  }
  return packet.number
}

/** Decodes the held packets again and again, without reading them anew. */
function forEachHeld(passes, visit) {
  const octets = readFileSync(file).subarray(0, HELD_LENGTH)
  const packet = new pcapx.Packet()
  // Decoding may write behind the packets (`Packet.scratch`).
  packet.bytes = new Uint8Array(octets.length + 131_072)
  packet.bytes.set(octets)
  packet.scratch = octets.length
  packet.linkType = octets.readUInt32LE(20)
  for (let pass = 0; pass < passes; pass++) {
    for (let at = 24; at + 16 <= octets.length; at = packet.start + packet.capturedLength) {
      packet.start = at + 16
      packet.capturedLength = octets.readUInt32LE(at + 8)
      packet.originalLength = octets.readUInt32LE(at + 12)
      if (packet.start + packet.capturedLength > octets.length) break
      packet.number++
      pcapx.decode(packet)
      visit(packet)
    }
  }
  return packet.number
}

async function analyze(make) {
  const { packets, failures } = await pcapx.analyze([file], make, {})
  if (failures.length > 0) throw failures[0]
  return packets
}

const make = analyzers[stage]
const work = make === undefined ? stages[stage] : () => analyze(make)
if (work === undefined) throw new Error(`no stage ${stage}`)
console.log(await work())
