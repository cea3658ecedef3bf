/**
 * Packets in full and filters in words, as a person sees them. After a change that is meant:
 * `npx vitest run test/golden -u`, and then read the difference like code. What tshark says of the same packets:
 *
 *   show    tshark -n -r FILE -V -x -Y 'frame.number == N'
 */
import { describe, expect, test } from 'vitest'
import { fixture, pcapx } from '../cli/support.ts'

/** A session, standard error behind standard output. */
async function transcript(lines: string[][]): Promise<string> {
  let text = ''
  for (const words of lines) {
    const { code, stdout, stderr } = await pcapx(words)
    // A mistake in pcapx is nothing to write down as what is expected.
    expect(code).toBe(0)
    const quoted = words.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`))
    text += `$ pcapx ${quoted.join(' ')}\n${stdout}${stderr}\n`
  }
  return text
}

describe('for people', () => {
  // One packet for each way a packet is laid out: bits, names of values, several layers of a kind, options, what was cut.
  test.each([
    ['tcp-options', 'http.pcap', '3'],
    ['http', 'http.pcap', '6'],
    ['arp', 'vm.pcap', '3'],
    ['tunnel', 'vxlan.pcap', '3'],
    ['vlan', 'vlan.pcap', '3'],
    ['igmp', 'igmp.pcap', '1'],
    ['cut', 'vm-snap34.pcap', '345'],
  ])('show: %s', async (name, file, number) => {
    const text = await transcript([['show', number, fixture(file)]])
    await expect(text).toMatchFileSnapshot(`text/show-${name}.txt`)
  })

  test('show: reassembled', async () => {
    const text = await transcript([['show', 'ipv6.fraghdr and icmpv6', fixture('ipv6-ext.pcap'), '-c', '1', '--no-hex']])
    await expect(text).toMatchFileSnapshot('text/show-reassembled.txt')
  })

  test('explain', async () => {
    const filters = [
      'tcp.port == 111 and tcp.flags.syn == 1',
      'ip.addr != 10.0.0.0/8 or udp and not icmp',
      'tcp.port in {80, 443, 8000..8100} && !(ip.src == 10.0.0.4 || ipv6)',
      'eth.src[0:3] == 02:00:00 and count(ip.addr) > 2 and tcp.flags & 0x02',
    ]
    await expect(await transcript(filters.map((filter) => ['explain', filter]))).toMatchFileSnapshot('text/explain.txt')
  })
})

describe('for programs', () => {
  test('show --json', async () => {
    const { stdout } = await pcapx(['show', '3', fixture('http.pcap'), '--json'])
    const { packets } = JSON.parse(stdout)
    await expect(`${JSON.stringify(packets, null, 2)}\n`).toMatchFileSnapshot('json/show.json')
  })
})
