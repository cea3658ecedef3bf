/**
 * The four questions that pcapx exists for, asked of the main fixture. Every number here is TShark 4.0.17's, as
 * `fixtures/README.md` has them ("The four questions"); the command that prints it stands beside each.
 */
import { describe, expect, test } from 'vitest'
import { fixture, pcapx, pcapxJson } from '../cli/support.ts'

const VM = fixture('vm.pcap')

describe('how slow is the network?', () => {
  // tshark -n -r fixtures/vm.pcap -Y 'tcp.flags.syn == 1 and tcp.flags.ack == 1' -T fields -e tcp.stream -e tcp.analysis.ack_rtt
  // tshark -n -r fixtures/vm.pcap -Y tcp.analysis.initial_rtt -T fields -e tcp.stream -e tcp.analysis.initial_rtt
  test.each([
    [1, '10.0.0.4', 54606, '203.0.113.80', 80, 0.020329, 0.020382],
    [2, '10.0.0.4', 54620, '203.0.113.80', 80, 0.020236, 0.020262],
    [3, '10.0.0.4', 44302, '203.0.113.80', 443, 0.020245, 0.020267],
    [4, '2001:db8:0:1::4', 59474, '2001:db8:203::80', 80, 0.020266, 0.020294],
    [11, '203.0.113.80', 36888, '10.0.0.4', 80, 0.000031, 0.020253],
    [13, '203.0.113.80', 42766, '10.0.0.4', 22, 0.000031, 0.020234],
  ])('tcp.stream %i', async (stream, client, clientPort, server, serverPort, synRtt, initialRtt) => {
    const { handshakes } = await pcapxJson('rtt', VM)
    const handshake = handshakes.find((one: { stream: number }) => one.stream === stream)
    expect(handshake).toMatchObject({
      client: { address: client, port: clientPort },
      server: { address: server, port: serverPort },
      outcome: 'established',
    })
    expect(handshake.synRtt).toBeCloseTo(synRtt, 6)
    expect(handshake.initialRtt).toBeCloseTo(initialRtt, 6)
  })

  // tshark -n -r fixtures/vm.pcap -Y 'tcp.flags.syn == 1' -T fields -e tcp.stream -e tcp.flags
  test('40 connections: 36 SYN-ACKs, three refused (36, 37, 38), one never answered (39)', async () => {
    const { handshakes } = await pcapxJson('rtt', VM)
    const streams = (outcome: string) =>
      handshakes.filter((one: { outcome: string }) => one.outcome === outcome).map((one: { stream: number }) => one.stream)
    expect(handshakes).toHaveLength(40)
    expect(streams('established')).toHaveLength(36)
    expect(streams('refused').toSorted()).toEqual([36, 37, 38])
    expect(streams('no-answer')).toEqual([39])
    expect(handshakes.find((one: { stream: number }) => one.stream === 39)).toMatchObject({
      synRtt: null,
      synRetransmissions: 3,
    })
  })

  test('the slowest come first, and a table says so in milliseconds', async () => {
    const { stdout } = await pcapx(['rtt', VM])
    expect(stdout.split('\n')[1]).toMatch(/^ +1 +10.0.0.4:54606 +203.0.113.80:80 +established +20.329 ms/)
  })
})

describe('what is this traffic?', () => {
  // tshark -n -r fixtures/vm.pcap -q -z io,phs
  test.each([
    ['eth', 1447, 345446],
    ['eth:ip', 1367, 326536],
    ['eth:ip:udp', 58, 6634],
    ['eth:ip:icmp', 19, 2448],
    ['eth:ip:tcp', 1282, 311182],
    ['eth:ip:igmp', 4, 216],
    ['eth:arp', 14, 588],
    ['eth:ipv6', 66, 18322],
    ['eth:ipv6:icmpv6', 30, 2500],
    ['eth:ipv6:tcp', 36, 15822],
  ])('%s', async (path, packets, bytes) => {
    type Node = { name: string; packets: number; bytes: number; children: Node[] }
    let nodes: Node[] = (await pcapxJson('hierarchy', VM)).protocols
    let node: Node | undefined
    for (const name of path.split(':')) {
      node = nodes.find((one) => one.name === name)
      nodes = node?.children ?? []
    }
    expect(node).toMatchObject({ packets, bytes })
  })

  // tshark -n -r fixtures/vm.pcap -Y bittorrent -T fields -e tcp.stream | sort | uniq -c
  test('BitTorrent, with 192.0.2.77:51413 and 198.51.100.66:6881', async () => {
    const { flows } = await pcapxJson('flows', VM)
    const servers = flows
      .filter((flow: { application: string }) => flow.application === 'bittorrent')
      .map((flow: { server: { address: string; port: number } }) => `${flow.server.address}:${flow.server.port}`)
    expect(servers).toEqual(['192.0.2.77:51413', '198.51.100.66:6881'])
  })
})

describe('who talks to whom, on which ports?', () => {
  // tshark -n -r fixtures/vm.pcap -q -z dests,tree
  test('3389 is busiest, and 111 is odd', async () => {
    const { destinations, ports } = await pcapxJson('destinations', VM)
    expect(ports[0]).toMatchObject({ protocol: 'TCP', port: 3389, packets: 428 })
    const [vm] = destinations
    expect(vm).toMatchObject({ address: '10.0.0.4', packets: 752 })
    const [tcp, udp] = vm.protocols
    expect(tcp).toMatchObject({ name: 'TCP', packets: 713 })
    expect(udp).toMatchObject({ name: 'UDP', packets: 29 })
    const port = (of: { ports: { port: number; packets: number }[] }, number: number) =>
      of.ports.find((one) => one.port === number)?.packets
    expect([3389, 59793, 22, 111, 80, 443].map((number) => port(tcp, number))).toEqual([428, 103, 44, 36, 18, 10])
    expect([51413, 111, 68].map((number) => port(udp, number))).toEqual([5, 5, 2])
  })

  // tshark -n -r fixtures/vm.pcap -Y 'ip.src == 198.51.100.44 and tcp.dstport == 3389' | wc -l
  test.each([
    ['198.51.100.44', 200],
    ['203.0.113.9', 166],
    ['10.0.0.7', 38],
    ['10.0.0.6', 24],
  ])('from %s come %i packets to 3389', async (source, packets) => {
    const { stdout } = await pcapx(['filter', `ip.src == ${source} and tcp.dstport == 3389`, VM, '--count'])
    expect(stdout).toBe(`${packets}\n`)
  })
})

describe('show me those packets', () => {
  // tshark -n -r fixtures/vm.pcap -Y 'tcp.port == 111' | wc -l
  test.each([
    ['tcp.port == 111', 60],
    ['tcp.dstport == 111', 36],
    ['udp.dstport == 111', 5],
    ['ip.src == 10.0.0.5 and tcp.dstport == 111', 12],
    ['ip.src == 10.0.0.6 and tcp.dstport == 111', 12],
    ['ip.src == 10.0.0.7 and tcp.dstport == 111', 12],
    ['tcp.flags.syn == 1 and tcp.flags.ack == 0', 43],
    ['tcp.flags.reset == 1', 12],
    ['arp', 14],
    ['ipv6', 66],
  ])('%s: %i', async (expression, packets) => {
    expect((await pcapx(['filter', expression, VM, '--count'])).stdout).toBe(`${packets}\n`)
  })

  test('they come from VMs of the same subnet', async () => {
    const { stdout } = await pcapx(['fields', '-e', 'ip.src', '-Y', 'tcp.dstport == 111', VM])
    expect([...new Set(stdout.trim().split('\n'))].toSorted()).toEqual(['10.0.0.5', '10.0.0.6', '10.0.0.7'])
  })
})

describe('cut captures', () => {
  // tshark -n -r fixtures/vm-snap34.pcap -q -z dests,tree: every packet of the VM under NONE
  test('at 34 octets there are no ports, and info says so', async () => {
    const file = fixture('vm-snap34.pcap')
    const { destinations } = await pcapxJson('destinations', file)
    const vm = destinations.find((one: { address: string }) => one.address === '10.0.0.4')
    expect(vm).toMatchObject({ packets: 752, protocols: [{ name: 'NONE', packets: 752 }] })
    const { stdout } = await pcapx(['info', file])
    expect(stdout).toContain('at 34 octets: ports were not captured')
  })

  // tshark -n -r fixtures/vm-snap60.pcap -q -z dests,tree: its TCP numbers are those of vm.pcap
  test('at 60 octets they are all there', async () => {
    const { ports } = await pcapxJson('destinations', fixture('vm-snap60.pcap'))
    expect(ports[0]).toMatchObject({ protocol: 'TCP', port: 3389, packets: 428 })
  })
})
