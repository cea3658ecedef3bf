import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const three = folder.file('three.pcap', pcap(handshake(50123)))
const VM = fixture('vm.pcap')

/** Numbers of the packets shown. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/^Frame (\d+): /gm)].map(([, number]) => Number(number))
}

/** A field within a layer, wherever it stands in the tree. */
// biome-ignore lint/suspicious/noExplicitAny: a JSON document.
function find(nodes: any[], name: string): any {
  for (const node of nodes) {
    const found = node.name === name ? node : find(node.fields, name)
    if (found !== undefined) return found
  }
  return undefined
}

describe('pcapx show', () => {
  test('layers, fields and octets of a packet, as tshark -V -x lays them out', async () => {
    const { code, stdout, stderr } = await pcapx(['show', '2', three])
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n')
    // tshark -n -r three.pcap -V -x -Y 'frame.number == 2'
    for (const line of [
      'Frame 2: 54 bytes on wire (432 bits), 54 bytes captured (432 bits)',
      'Ethernet II, Src: 02:00:00:00:00:04, Dst: 02:00:00:00:00:05',
      'Internet Protocol Version 4, Src: 10.0.0.4, Dst: 10.0.0.5',
      '    0100 .... = Version: 4',
      "        .1.. .... = Don't fragment: Set",
      '    Protocol: TCP (6)',
      '    Source Port: 3389',
    ])
      expect(lines).toContain(line)
    expect(lines.at(-6)).toBe('')
    expect(lines.at(-5)).toMatch(/^0000 {2}02 00 00 00 00 05 02 00 00 00 00 04 08 00 45 00 {3}\.{14}E\.$/)
    expect(lines.at(-2)).toMatch(/^0030( {2}|( [\da-f]{2}){6})/)
  })

  test('fields that only repeat others are not shown', async () => {
    const { stdout } = await pcapx(['show', '1', three, '--json'])
    for (const name of ['tcp.port', 'ip.addr', 'eth.addr']) expect(stdout).not.toContain(`"${name}"`)
  })

  test.each([
    ['3', [3]],
    ['1,3', [1, 3]],
    ['3,1', [1, 3]],
    ['2-3', [2, 3]],
    ['2-', [2, 3]],
    [' 1 , 2 - 3 ', [1, 2, 3]],
    ['tcp.flags.syn == 1', [1, 2]],
    ['frame.number in {2}', [2]],
    ['tcp.flags == 0', []],
  ])('of %j', async (selection, numbers) => {
    const { code, stdout } = await pcapx(['show', selection, three, '--no-hex'])
    expect(code).toBe(0)
    expect(numbersIn(stdout)).toEqual(numbers)
  })

  test('with -Y, with and without numbers', async () => {
    const shown = async (...words: string[]) => numbersIn((await pcapx(['show', ...words])).stdout)
    expect(await shown('-Y', 'tcp.flags.ack == 1', three)).toEqual([2, 3])
    expect(await shown('1-2', three, '-Y', 'tcp.flags.ack == 1')).toEqual([2])
  })

  test('a blank line between packets', async () => {
    const { stdout } = await pcapx(['show', '1,2', three, '--no-hex'])
    expect(stdout).toMatch(/\n\nFrame 2: /)
    expect(stdout.endsWith('\n\n')).toBe(false)
  })

  test('reads no further than the last number', async () => {
    expect(await pcapxJson('show', '5', VM)).toMatchObject({ packetsRead: 5, packetsMatched: 1, missing: [] })
    expect(await pcapxJson('show', '5', VM, '-Y', 'sctp')).toMatchObject({ packetsRead: 5, packetsMatched: 0 })
  })

  test('ten packets where they were not named one by one, and says so', async () => {
    const { code, stdout, stderr } = await pcapx(['show', 'tcp', VM, '--no-hex'])
    expect(code).toBe(0)
    expect(numbersIn(stdout)).toHaveLength(10)
    expect(stderr).toBe('stopped after 10 packets, there may be more (--limit 0 shows all)\n')
    expect(numbersIn((await pcapx(['show', '1-12', VM, '--no-hex'])).stdout)).toHaveLength(12)
    expect(numbersIn((await pcapx(['show', 'arp', VM, '--no-hex', '--limit', '0'])).stdout)).toHaveLength(14)
    expect((await pcapx(['show', 'arp', VM, '--jsonl'])).stdout.trim().split('\n')).toHaveLength(15)
  })

  test('packets that are not there', async () => {
    const { code, stdout, stderr } = await pcapx(['show', '2,5000,6000-6001', three, '--no-hex'])
    expect(code).toBe(0)
    expect(numbersIn(stdout)).toEqual([2])
    expect(stderr).toBe(
      'pcapx: warning: no packet 5000: there are 3 packets\n' +
        'pcapx: warning: no packets 6000-6001: there are 3 packets\n',
    )
    expect((await pcapxJson('show', '3-7', three)).missing).toEqual([{ from: 4, to: 7 }])
    expect((await pcapx(['show', 'sctp', three])).stderr).toBe('0 of 3 packets\n')
  })

  test('--json', async () => {
    const document = await pcapxJson('show', '2', three)
    expect(document).toMatchObject({ schema: 'pcapx.show/1', packetsRead: 2, packetsMatched: 1, limitReached: false })
    const [packet] = document.packets
    expect(packet).toMatchObject({ number: 2, time: '2017-01-09T18:51:33.002211000Z', fault: null, reassembled: [] })
    expect(packet.hex).toHaveLength(2 * 54)
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
    const places = packet.layers.map((layer: any) => [layer.protocol, layer.offset, layer.length])
    expect(places).toEqual([
      ['frame', 0, 54],
      ['eth', 0, 14],
      ['ip', 14, 20],
      ['tcp', 34, 20],
    ])
    const [, , ip, tcp] = packet.layers
    expect(ip.heading).toBe('Internet Protocol Version 4, Src: 10.0.0.4, Dst: 10.0.0.5')
    expect(find(ip.fields, 'ip.proto')).toMatchObject({
      type: 'uint8',
      value: 6,
      text: '6',
      valueName: 'TCP',
      offset: 23,
      length: 1,
      fields: [],
    })
    expect(find(find(tcp.fields, 'tcp.flags').fields, 'tcp.flags.syn')).toMatchObject({ value: true, offset: 46 })
    const bare = await pcapxJson('show', '2', three, '--no-hex')
    expect(bare.packets[0]).not.toHaveProperty('hex')
  })

  test('--jsonl: a packet a line, and a summary', async () => {
    const lines = (await pcapx(['show', '1-3', three, '--jsonl'])).stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['packet', 'packet', 'packet', 'summary'])
  })

  test('octets put together from several packets are shown too', async () => {
    // tshark -n -r fixtures/ipv6-ext.pcap -x -Y 'ipv6.fraghdr and icmpv6' has "Frame" and "Reassembled IPv6".
    const { packets } = await pcapxJson('show', 'ipv6.fraghdr && icmpv6', fixture('ipv6-ext.pcap'))
    const [{ layers, reassembled }] = packets
    const top = layers.at(-1)
    expect(top.reassembled).toBe(0)
    expect(reassembled[0].length / 2).toBeGreaterThan(1400)
    const { stdout } = await pcapx(['show', 'ipv6.fraghdr && icmpv6', fixture('ipv6-ext.pcap'), '--limit', '1'])
    expect(stdout).toMatch(/^Frame \(\d+ bytes\):$/m)
    expect(stdout).toMatch(/^Reassembled \(\d+ bytes\):$/m)
  })

  test('a fault stands below the fields', async () => {
    const { stdout } = await pcapx(['show', 'frame.number == 1', fixture('vm-snap34.pcap'), '--no-hex'])
    expect(stdout).not.toContain('Malformed')
    const cut = await pcapx(['show', 'tcp', fixture('vm-snap60.pcap'), '--limit', '200', '--no-hex'])
    expect(cut.stdout).toMatch(/^\[Packet cut short by the snaplen in [A-Z]+\]$/m)
  })

  test.each([40, 60, 80])('fits a terminal of %i columns', async (columns) => {
    const { stdout } = await pcapx(['show', '1-60', VM], { columns, environment: { NO_COLOR: '1' } })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })

  test('colour tells which octets belong to which layer', async () => {
    const { stdout } = await pcapx(['show', '2', three, '--color', 'always'])
    const plain = await pcapx(['show', '2', three])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours.
    expect(stdout.replace(/\x1b\[\d+m/g, '')).toBe(plain.stdout)
    const start = stdout.split('\n').find((line) => line.startsWith('0000'))
    expect(start).toContain('\x1b[36m02 00 00 00 00 05 02 00 00 00 00 04 08 00\x1b[39m \x1b[35m45 00\x1b[39m')
  })

  test('stops when nobody reads any more', async () => {
    const { code, stdout, stderr } = await pcapx(['show', '1-100', VM], { closesAfter: 300 })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.length).toBeLessThan(1000)
  })
})

describe('pcapx show, wrong', () => {
  test.each([
    [['show'], /^pcapx: no packet named/],
    [['show', three], /is a capture; the packets to show come before it/],
    [['show', '-', three], /is a capture; the packets to show come before it/],
    [['show', '', three], /no packet named/],
    [['show', '0', three], /there is no packet 0/],
    [['show', '3-1', three], /3-1 ends before it begins\n {2}write 1-3/],
    [['show', '1,,3', three], /1,,3 names no packets/],
    [['show', '1-2-3', three], /names no packets/],
    [['show', '-3', three], /-3 names no packets/],
    [['show', 'tcp.prot == 80', three], /unknown field tcp.prot, did you mean tcp.port/],
    [['show', '1', three, '--json', '--jsonl'], /cannot be used with option/],
    [['show', '1', three, '--csv'], /unknown option '--csv'/],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('a capture that is not there', async () => {
    expect(await pcapx(['show', '1', 'missing.pcap'])).toMatchObject({ code: 1, stdout: '' })
  })
})
