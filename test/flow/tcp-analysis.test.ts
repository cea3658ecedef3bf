import { describe, expect, test } from 'vitest'
import { StreamTracker } from '../../src/flow/streams.ts'
import { TcpAnalysis } from '../../src/flow/tcp-analysis.ts'
import { formatSeconds } from '../../src/protocols/value-format.ts'
import { octets, packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

const FLAGS: Record<string, number> = { N: 0x100, C: 0x80, E: 0x40, A: 0x10, P: 0x08, R: 0x04, S: 0x02, F: 0x01 }

const TIMES = ['time_delta', 'analysis.ack_rtt', 'analysis.initial_rtt', 'analysis.rto']

const ANALYSIS = [
  ...['acks_frame', 'ack_rtt', 'initial_rtt', 'bytes_in_flight', 'push_bytes_sent', 'reused_ports', 'retransmission'],
  ...['fast_retransmission', 'spurious_retransmission', 'rto', 'rto_frame', 'out_of_order', 'lost_segment'],
  ...['ack_lost_segment', 'window_update', 'window_full', 'keep_alive', 'keep_alive_ack', 'duplicate_ack_num'],
  ...['duplicate_ack_frame', 'zero_window_probe', 'zero_window', 'zero_window_probe_ack', 'tfo_syn', 'tfo_ack'],
  'tfo_ignored',
].map((name) => `analysis.${name}`)

/** Octets of a TCP header without options, and of IPv4. */
const TCP_HEADER = 20
const IP_HEADER = 20

/** A segment written as `time from flags sequence acknowledgment length window options`. */
function segment(line: string) {
  const [time, from, flags, sequence, acknowledgment, length = '0', window = '1000', options = ''] = line.split(' ')
  const isClient = from === 'client'
  const padded = [...octets(options)]
  while (padded.length % 4 !== 0) padded.push(1)
  const data = Number(length)
  const bytes = new Uint8Array(IP_HEADER + TCP_HEADER + padded.length + data)
  const view = new DataView(bytes.buffer)
  // IPv4: version and length, total length, TTL, protocol, addresses.
  bytes.set([0x45, 0])
  view.setUint16(2, bytes.length)
  bytes.set([64, 6, 0, 0, 10, 0, 0, isClient ? 1 : 2, 10, 0, 0, isClient ? 2 : 1], 8)
  // TCP: ports, numbers, offset and flags, window, options.
  view.setUint16(20, isClient ? 40_000 : 80)
  view.setUint16(22, isClient ? 80 : 40_000)
  view.setUint32(24, Number(sequence))
  view.setUint32(28, Number(acknowledgment))
  const bits = [...flags].reduce((sum, letter) => sum | FLAGS[letter], 0)
  view.setUint16(32, (((TCP_HEADER + padded.length) / 4) << 12) | bits)
  view.setUint16(34, Number(window))
  bytes.set(padded, IP_HEADER + TCP_HEADER)
  const packet = packetOf(228, bytes)
  const [seconds, fraction = ''] = time.split('.')
  packet.seconds = 1000 + Number(seconds)
  packet.nanoseconds = Number(fraction.padEnd(9, '0'))
  return packet
}

/** Checks the fields (`analysis` is all of tcp.analysis) of each segment, written as `name=value`; a flag as its name alone. */
function check(fields: readonly string[], lines: readonly (readonly [segment: string, told: string])[]): void {
  const names = fields.flatMap((name) => (name === 'analysis' ? ANALYSIS : name))
  const streams = new StreamTracker()
  const analysis = new TcpAnalysis(streams)
  const told = lines.map(([line], i) => {
    const packet = segment(line)
    packet.number = i + 1
    streams.track(packet)
    analysis.track(packet)
    return names.flatMap((name) => tell(packet, name)).join(' ')
  })
  expect(told).toEqual(lines.map(([, expected]) => expected))
}

function tell(packet: ReturnType<typeof segment>, name: string): string[] {
  const short = name.replace('analysis.', '')
  const [first, ...rest] = valuesOf(packet, `tcp.${name}`)
  if (first === undefined) return []
  if (TIMES.includes(name)) return [`${short}=${time(packet, name)}`]
  const isFlag = first === 0 && /analysis\.|dsack/.test(name)
  return [isFlag ? short : `${short}=${[first, ...rest].join(',')}`]
}

/** A time of the segment, as tshark writes it. */
function time(packet: ReturnType<typeof segment>, name: string): string {
  const facts = packet.tcpFacts[1]
  if (name === 'time_delta') return formatSeconds(facts.deltaSeconds, facts.deltaNanoseconds)
  if (name === 'analysis.ack_rtt') return formatSeconds(facts.ackRttSeconds, facts.ackRttNanoseconds)
  if (name === 'analysis.rto') return formatSeconds(facts.rtoSeconds, facts.rtoNanoseconds)
  return formatSeconds(facts.initialRttSeconds, facts.initialRttNanoseconds)
}

describe('TCP analysis', () => {
  test('a handshake, data, and its end', () => {
    const fields = ['seq', 'ack', 'nxtseq', 'window_size', 'window_size_scalefactor', 'completeness', 'analysis']
    check(fields, [
      ['0 client S 1000 0 0 100 030307', 'seq=0 ack=0 nxtseq=1 window_size=100 completeness=0'],
      [
        '0.02 server SA 5000 1001 0 200 030308',
        'seq=0 ack=1 nxtseq=1 window_size=200 completeness=1 acks_frame=1 ack_rtt=0.020000000',
      ],
      [
        '0.03 client A 1001 5001 0 300',
        'seq=1 ack=1 nxtseq=1 window_size=38400 window_size_scalefactor=128 completeness=3 acks_frame=2 ack_rtt=0.010000000 initial_rtt=0.030000000',
      ],
      [
        '0.04 client PA 1001 5001 100 300',
        'seq=1 ack=1 nxtseq=101 window_size=38400 window_size_scalefactor=128 completeness=7 initial_rtt=0.030000000 bytes_in_flight=100 push_bytes_sent=100',
      ],
      [
        '0.05 server A 5001 1101 0 400',
        'seq=1 ack=101 nxtseq=1 window_size=102400 window_size_scalefactor=256 completeness=15 acks_frame=4 ack_rtt=0.010000000 initial_rtt=0.030000000',
      ],
      [
        '0.06 server A 5001 1101 10 400',
        'seq=1 ack=101 nxtseq=11 window_size=102400 window_size_scalefactor=256 completeness=15 initial_rtt=0.030000000 bytes_in_flight=10 push_bytes_sent=10',
      ],
      [
        '0.07 server PA 5011 1101 20 400',
        'seq=11 ack=101 nxtseq=31 window_size=102400 window_size_scalefactor=256 completeness=15 initial_rtt=0.030000000 bytes_in_flight=30 push_bytes_sent=30',
      ],
      [
        '0.08 client FA 1101 5031 0 300',
        'seq=101 ack=31 nxtseq=102 window_size=38400 window_size_scalefactor=128 completeness=15 acks_frame=7 ack_rtt=0.010000000 initial_rtt=0.030000000',
      ],
      [
        '0.09 server FA 5031 1102 0 400',
        'seq=31 ack=102 nxtseq=32 window_size=102400 window_size_scalefactor=256 completeness=31 acks_frame=8 ack_rtt=0.010000000 initial_rtt=0.030000000',
      ],
      [
        '0.1 client A 1102 5032 0 300',
        'seq=102 ack=32 nxtseq=102 window_size=38400 window_size_scalefactor=128 completeness=31 acks_frame=9 ack_rtt=0.010000000 initial_rtt=0.030000000',
      ],
    ])
  })

  test('the handshake was not captured', () => {
    const fields = ['seq', 'ack', 'window_size', 'window_size_scalefactor', 'completeness', 'time_delta']
    check(fields, [
      [
        '0 client A 1001 5001 5 300',
        'seq=1 ack=1 window_size=300 window_size_scalefactor=-1 completeness=0 time_delta=0.000000000',
      ],
      [
        '0.5 server A 5001 1006 0 400',
        'seq=1 ack=6 window_size=400 window_size_scalefactor=-1 completeness=0 time_delta=0.500000000',
      ],
      [
        '0.75 client PA 1006 5001 5 300',
        'seq=6 ack=1 window_size=300 window_size_scalefactor=-1 completeness=4 time_delta=0.250000000',
      ],
    ])
  })

  test('one side does not scale', () => {
    const fields = ['window_size', 'window_size_scalefactor']
    check(fields, [
      ['0 client S 1000 0 0 100 030307', 'window_size=100'],
      ['0.02 server SA 5000 1001 0 200', 'window_size=200'],
      ['0.03 client A 1001 5001 0 300', 'window_size=300 window_size_scalefactor=-2'],
    ])
  })

  test('duplicate acknowledgments and a fast retransmission', () => {
    const fields = ['analysis']
    check(fields, [
      ['0 server A 5000 1000 0', ''],
      ['0.01 client A 1000 5000 10', 'bytes_in_flight=10 push_bytes_sent=10'],
      ['0.011 client A 1010 5000 10', 'bytes_in_flight=20 push_bytes_sent=20'],
      ['0.012 client A 1020 5000 10', 'bytes_in_flight=30 push_bytes_sent=30'],
      ['0.013 server A 5000 1010 0', 'acks_frame=2 ack_rtt=0.003000000'],
      ['0.014 server A 5000 1010 0', 'duplicate_ack_num=1 duplicate_ack_frame=5'],
      ['0.015 server A 5000 1010 0', 'duplicate_ack_num=2 duplicate_ack_frame=5'],
      ['0.016 client A 1010 5000 10', 'bytes_in_flight=20 push_bytes_sent=40 retransmission fast_retransmission'],
    ])
  })

  test('out of order, resent, resent for nothing', () => {
    const fields = ['analysis']
    check(fields, [
      ['0 client A 1000 5000 10', 'bytes_in_flight=10 push_bytes_sent=10'],
      ['0.001 client A 1020 5000 10', 'lost_segment'],
      ['0.002 client A 1010 5000 5', 'out_of_order'],
      ['0.3 client A 1015 5000 5', 'retransmission rto=0.300000000 rto_frame=1'],
      ['0.4 server A 5000 1030 0', 'acks_frame=2 ack_rtt=0.399000000'],
      ['0.5 client A 1020 5000 10', 'bytes_in_flight=10 push_bytes_sent=20 retransmission spurious_retransmission'],
    ])
  })

  test('keep-alive', () => {
    const fields = ['analysis']
    check(fields, [
      ['0 client A 1000 5000 10', 'bytes_in_flight=10 push_bytes_sent=10'],
      ['0.1 server A 5000 1010 0', 'acks_frame=1 ack_rtt=0.100000000'],
      ['1 client A 1009 5000 0', 'keep_alive'],
      ['1.1 server A 5000 1010 0', 'keep_alive_ack'],
      ['2 client A 1009 5000 1', 'bytes_in_flight=1 push_bytes_sent=11 keep_alive'],
      ['2.1 server A 5000 1010 0', 'acks_frame=5 ack_rtt=0.100000000 keep_alive_ack'],
    ])
  })

  test('a window that closes and opens', () => {
    const fields = ['analysis']
    check(fields, [
      ['0 client S 1000 0 0 100', ''],
      ['0.02 server SA 5000 1001 0 10', 'acks_frame=1 ack_rtt=0.020000000'],
      ['0.03 client A 1001 5001 0 100', 'acks_frame=2 ack_rtt=0.010000000 initial_rtt=0.030000000'],
      ['0.04 client A 1001 5001 10 100', 'initial_rtt=0.030000000 bytes_in_flight=10 push_bytes_sent=10 window_full'],
      ['0.05 server A 5001 1011 0 0', 'acks_frame=4 ack_rtt=0.010000000 initial_rtt=0.030000000 zero_window'],
      ['1 client A 1011 5001 1 100', 'initial_rtt=0.030000000 bytes_in_flight=1 push_bytes_sent=11 zero_window_probe'],
      ['1.1 server A 5001 1011 0 0', 'initial_rtt=0.030000000 zero_window zero_window_probe_ack'],
      ['2 server A 5001 1011 0 50', 'initial_rtt=0.030000000 window_update'],
    ])
  })

  test('acknowledgments of what was not captured', () => {
    const fields = ['analysis']
    check(fields, [
      ['0 client A 1000 5000 10', 'bytes_in_flight=10 push_bytes_sent=10'],
      ['0.1 server A 5000 2000 0', 'ack_lost_segment'],
      ['0.2 server A 5000 2001 0', ''],
      ['0.3 client A 3000 5000 10', 'lost_segment'],
      ['0.4 server A 5000 3010 0', 'acks_frame=4 ack_rtt=0.100000000 ack_lost_segment'],
    ])
  })

  test('ports used again', () => {
    const fields = ['seq', 'completeness', 'analysis']
    check(fields, [
      ['0 client S 1000 0 0', 'seq=0 completeness=0'],
      ['0.1 server RA 0 1001 0', 'seq=1 completeness=1 acks_frame=1 ack_rtt=0.100000000 initial_rtt=0.100000000'],
      ['0.2 client S 9000 0 0', 'seq=0 completeness=1 reused_ports'],
      ['0.3 server SA 5000 9001 0', 'seq=0 completeness=1 acks_frame=3 ack_rtt=0.100000000'],
    ])
  })

  test('a SYN-ACK with another number', () => {
    const fields = ['seq', 'analysis']
    check(fields, [
      ['0 server SA 5000 1001 0', 'seq=0'],
      ['1 server SA 7000 1001 0', 'seq=0 reused_ports lost_segment'],
    ])
  })

  test('selective acknowledgments are not in flight', () => {
    const fields = ['options.sack_le', 'options.sack_re', 'options.sack.count', 'options.sack.dsack', 'analysis']
    check(fields, [
      ['0 server A 5000 1000 0', ''],
      ['0.1 client A 1000 5000 100', 'bytes_in_flight=100 push_bytes_sent=100'],
      [
        '0.2 server A 5000 1000 0 1000 050a0000041a0000044c',
        'options.sack_le=51 options.sack_re=101 options.sack.count=1 duplicate_ack_num=1 duplicate_ack_frame=1',
      ],
      ['0.3 client A 1100 5000 100', 'bytes_in_flight=150 push_bytes_sent=200'],
      [
        '0.4 server A 5000 1200 0 1000 050a0000041a0000044c',
        'options.sack_le=51 options.sack_re=101 options.sack.count=1 options.sack.dsack acks_frame=4 ack_rtt=0.100000000',
      ],
    ])
  })

  test('Fast Open', () => {
    const fields = ['completeness', 'analysis']
    check(fields, [
      ['0 client S 1000 0 5 1000 220a0011223344556677', 'completeness=0 bytes_in_flight=5 push_bytes_sent=5 tfo_syn'],
      ['0.1 server SA 5000 1001 0', 'completeness=9 tfo_ignored'],
    ])
  })

  test('Accurate ECN', () => {
    const fields = ['flags.ae', 'flags.cwr', 'flags.ece', 'flags.ace', 'flags.str']
    check(fields, [
      ['0 client NCES 1000 0 0', 'flags.ae=1 flags.cwr=1 flags.ece=1 flags.str=···ACE····S·'],
      ['0.1 server CSA 5000 1001 0', 'flags.ae=0 flags.cwr=1 flags.ece=0 flags.str=····C··A··S·'],
      ['0.2 client NEA 1001 5001 0', 'flags.ace=5 flags.str=···-5-·A····'],
    ])
  })
})
