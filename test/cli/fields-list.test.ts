import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const three = folder.file('three.pcap', pcap(handshake(50123)))

// biome-ignore lint/suspicious/noExplicitAny: a JSON document.
async function names(...words: string[]): Promise<any[]> {
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
  return (await pcapxJson('fields', '--list', ...words)).fields.map((field: any) => field.name)
}

describe('pcapx fields --list', () => {
  test('all fields and protocols', async () => {
    const all = await names()
    expect(all.length).toBeGreaterThan(500)
    expect(all).toEqual(expect.arrayContaining(['tcp', 'tcp.port', 'frame.number', 'icmpv6']))
    expect(new Set(all).size).toBe(all.length)
  })

  test('by a part of a name, whatever the case', async () => {
    expect(await names('options.MSS')).toContain('tcp.options.mss_val')
    expect(await names('WSCALE.shift')).toContain('tcp.options.wscale.shift')
  })

  test('by a part of a description: names come first', async () => {
    const found = await names('udp')
    expect(found).toContain('udp.srcport')
    const last = found.findLastIndex((name) => name.includes('udp'))
    expect(found.slice(0, last + 1).every((name) => name.includes('udp'))).toBe(true)
    expect(await names('User Datagram')).toContain('udp')
  })

  test('by wildcards, which stand for a whole name, and by a regular expression', async () => {
    const found = await names('udp.*port')
    expect(found).toEqual(expect.arrayContaining(['udp.srcport', 'udp.dstport', 'udp.port']))
    expect(found).not.toContain('udplite.srcport')
    expect(await names('^tcp\\.flags\\.(syn|fin)$')).toEqual(['tcp.flags.syn', 'tcp.flags.fin'])
    expect(await names('/^udp\\.(src|dst)port$/')).toEqual(['udp.srcport', 'udp.dstport'])
  })

  test('a table of name, type and description', async () => {
    const { code, stdout, stderr } = await pcapx(['fields', '--list', '^udp.(src|dst)port$'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['name', 'type'],
      ['udp.srcport', 'uint16'],
      ['udp.dstport', 'uint16'],
      [''],
    ])
  })

  test('of a capture: in how many packets, with how many values', async () => {
    // tshark -n -r three.pcap -T fields -E occurrence=a -e tcp.port -e tcp.flags.syn -e ip.addr
    const { fields } = await pcapxJson('fields', '--list', '^(tcp\\.port|udp\\.port|ip\\.addr|tcp|udp)$', three)
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
    expect(fields.map((f: any) => [f.name, f.packets, f.occurrences])).toEqual([
      ['ip.addr', 3, 6],
      ['tcp', 3, 3],
      ['tcp.port', 3, 6],
      ['udp', 0, 0],
      ['udp.port', 0, 0],
    ])
  })

  test('a file for a pattern is a capture', async () => {
    const { fields, captures } = await pcapxJson('fields', '--list', three, '--present')
    expect(captures).toEqual([three])
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
    expect(fields.every((f: any) => f.packets > 0)).toBe(true)
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
    expect(fields.map((f: any) => f.name)).not.toContain('udp.port')
  })

  test('tunnels: two layers in one packet', async () => {
    const { fields } = await pcapxJson(
      'fields',
      '--list',
      '^ip.src$',
      fixture('vxlan.pcap'),
      '-Y',
      'vxlan and icmp and ip#2',
    )
    const [{ packets, occurrences }] = fields
    expect(occurrences).toBe(2 * packets)
  })

  test('--csv, --jsonl and --top', async () => {
    const csv = (await pcapx(['fields', '--list', 'udp.srcport', three, '--csv'])).stdout
    expect(csv.split('\r\n').slice(0, 2).join()).toMatch(
      /^name,type,protocols,packets,occurrences,description,udp\.srcport,uint16,udp[ \w]*,0,0,/,
    )
    const lines = (await pcapx(['fields', '--list', 'udp.*', '--top', '2', '--jsonl'])).stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual([expect.any(String), expect.any(String), 'summary'])
  })

  test('nothing found', async () => {
    expect(await pcapx(['fields', '--list', 'nosuchthing'])).toMatchObject({
      code: 0,
      stdout: 'no field or protocol found for nosuchthing\n',
    })
  })

  test.each([
    [['fields', '--list', '('], /\( is not a regular expression/],
    [['fields', '--list', 'tcp', '--present'], /--present needs a capture/],
    [['fields', '--list', 'tcp', '-Y', 'tcp'], /-Y needs a capture/],
    [['fields', '--list', 'tcp', '-e', 'tcp.port'], /cannot be used with option/],
  ])('wrong: %j', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test.each([60, 80])('fits a terminal of %i columns', async (columns) => {
    const { stdout } = await pcapx(['fields', '--list', 'tcp.options', three], {
      columns,
      environment: { NO_COLOR: '1' },
    })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })
})

describe('pcapx fields -e with the name of a protocol', () => {
  const line = async (file: string, number: number, ...protocols: string[]) => {
    const columns = protocols.flatMap((name) => ['-e', name])
    return (await pcapx(['fields', ...columns, '-Y', `frame.number == ${number}`, file])).stdout.trimEnd()
  }

  // tshark -n -r FILE -T fields -E occurrence=a -e PROTOCOL
  test('is its heading, as tshark prints it', async () => {
    expect(await line(three, 2, 'frame', 'eth', 'ip')).toBe(
      [
        'Frame 2: 54 bytes on wire (432 bits), 54 bytes captured (432 bits)',
        'Ethernet II, Src: 02:00:00:00:00:04, Dst: 02:00:00:00:00:05',
        'Internet Protocol Version 4, Src: 10.0.0.4, Dst: 10.0.0.5',
      ].join('\t'),
    )
  })

  test('or its name, where there is no more to say; empty where it is not there', async () => {
    expect(await line(fixture('vxlan.pcap'), 3, 'udp', 'vxlan', 'sctp', 'icmp')).toMatch(
      /^User Datagram Protocol, Src Port: \d+, Dst Port: 4789\tvxlan\t\ticmp$/,
    )
  })

  test('once for each layer', async () => {
    expect(await line(fixture('vxlan.pcap'), 3, 'ip')).toMatch(
      /^(Internet Protocol Version 4, Src: [\d.]+, Dst: [\d.]+(,|$)){2}$/,
    )
  })
})
