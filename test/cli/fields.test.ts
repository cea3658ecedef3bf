import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const file = folder.file('three.pcap', pcap(handshake(50123)))
const e = (...names: string[]) => names.flatMap((name) => ['-e', name])

describe('pcapx fields', () => {
  test('TAB between columns in the order of -e, comma between values, a line for each packet', async () => {
    const { code, stdout, stderr } = await pcapx([
      'fields',
      ...e('tcp.port', 'frame.number', 'ip.addr', 'udp.port'),
      file,
    ])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      '50123,3389\t1\t10.0.0.5,10.0.0.4\t\n3389,50123\t2\t10.0.0.4,10.0.0.5\t\n50123,3389\t3\t10.0.0.5,10.0.0.4\t\n',
    )
  })

  // tshark -n -r three.pcap -T fields -E occurrence=a -e frame.time_relative -e tcp.flags -e eth.src -e frame.protocols
  test('in the notation of tshark', async () => {
    const { stdout } = await pcapx([
      'fields',
      ...e('frame.time_relative', 'tcp.flags', 'eth.src', 'frame.protocols'),
      file,
    ])
    expect(stdout.split('\n')[1]).toBe('0.002211000\t0x0012\t02:00:00:00:00:04\teth:ethertype:ip:tcp')
  })

  test('-Y, and values that need all packets are right all the same', async () => {
    const { stdout } = await pcapx(['fields', ...e('frame.time_delta'), '-Y', 'tcp.flags.syn == 0', file])
    expect(stdout).toBe('0.000021000\n')
  })

  test('the same field twice is two columns', async () => {
    expect((await pcapx(['fields', ...e('tcp.dstport', 'tcp.dstport'), file])).stdout.split('\n')[0]).toBe('3389\t3389')
  })

  test('--header', async () => {
    const { stdout } = await pcapx(['fields', ...e('ip.src', 'ip.dst'), '--header', '-Y', 'udp', file])
    expect(stdout).toBe('ip.src\tip.dst\n')
  })

  test('--json: numbers as numbers, always lists, moments and durations as everywhere', async () => {
    const names = [
      'frame.number',
      'frame.time',
      'frame.time_relative',
      'tcp.flags',
      'tcp.flags.syn',
      'ip.addr',
      'udp.port',
    ]
    const document = await pcapxJson('fields', ...e(...names), file)
    expect(document).toMatchObject({ schema: 'pcapx.fields/1', fields: names, packetsRead: 3 })
    expect(document.rows[1]).toEqual({
      'frame.number': [2],
      'frame.time': ['2017-01-09T18:51:33.002211000Z'],
      'frame.time_relative': [0.002211],
      'tcp.flags': [18],
      'tcp.flags.syn': [true],
      'ip.addr': ['10.0.0.4', '10.0.0.5'],
      'udp.port': [],
    })
  })

  test('--jsonl and --csv', async () => {
    const lines = (await pcapx(['fields', ...e('tcp.port'), '--jsonl', file])).stdout
    expect(lines.split('\n')[0]).toBe('{"tcp.port":[50123,3389]}')
    expect((await pcapx(['fields', ...e('tcp.port', 'ip.src'), '--csv', file])).stdout).toBe(
      'tcp.port,ip.src\r\n"50123,3389",10.0.0.5\r\n"3389,50123",10.0.0.4\r\n"50123,3389",10.0.0.5\r\n',
    )
  })

  test('of a tunnel has the outer value first', async () => {
    // tshark -n -r fixtures/vxlan.pcap -T fields -E occurrence=a -e ip.src -e vxlan.vni
    const { stdout } = await pcapx([
      'fields',
      ...e('ip.src', 'vxlan.vni'),
      '-Y',
      'vxlan.vni == 42 and ip.proto == 1',
      fixture('vxlan.pcap'),
    ])
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^10\.1\.0\.[12],10\.\d+\.0\.[12]\t42$/)
  })

  test('of messages that begin within a segment and end in a later one', async () => {
    // tshark -n -r fixtures/vm.pcap -Y 'bittorrent.msg.type == 7' -T fields -e frame.number: pieces of 16 KiB
    const filter = ['-Y', 'bittorrent.msg.type == 7']
    const { stdout } = await pcapx(['fields', ...e('frame.number'), ...filter, fixture('vm.pcap')])
    expect(stdout.trim().split('\n')).toEqual(['1278', '1301', '1319', '1339', '1376', '1407'])
  })

  test('stops when nobody reads any more', async () => {
    const { code, stdout } = await pcapx(['fields', ...e('frame.number'), fixture('vm.pcap')], { closesAfter: 4 })
    expect([code, stdout]).toEqual([0, '1\n2\n'])
  })
})
