import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** Call 1 of NFS version 3, GETATTR, without authentication, with a file handle of 4 octets. */
const GETATTR =
  '00000001 00000000 00000002 000186a3 00000003 00000001 00000000 00000000 00000000 00000000 00000004 61626364'
/** Its reply: accepted, no verifier, success, and a status. */
const REPLY = '00000001 00000001 00000000 00000000 00000000 00000000 00000046'

describe('RPC', () => {
  test('a reply is recognised by the call it answers', () => {
    const exchange = new Exchange('udp', 2049)
    expect(applicationsOf(exchange.server(REPLY))).toBe('data')
    const call = exchange.client(GETATTR)
    expect(applicationsOf(call)).toBe('rpc:nfs')
    expect(valuesOf(call, 'rpc.program')).toEqual([100003])
    expect(valuesOf(call, 'nfs.procedure_v3')).toEqual([1])
    const reply = exchange.server(REPLY)
    expect(applicationsOf(reply)).toBe('rpc:nfs')
    expect(valuesOf(reply, 'rpc.xid')).toEqual([1])
    expect(valuesOf(reply, 'rpc.procedure')).toEqual([1])
    expect(valuesOf(reply, 'rpc.programversion')).toEqual([3, 3])
    expect(valuesOf(reply, 'rpc.repframe')).toEqual([call.number])
    expect(valuesOf(reply, 'rpc.state_accept')).toEqual([0])
  })

  test('an unknown program or version is no call', () => {
    const exchange = new Exchange('udp', 2049)
    expect(applicationsOf(exchange.client(GETATTR.replace('000186a3', '000186ff')))).toBe('data')
    expect(applicationsOf(exchange.client(GETATTR.replace('00000003', '00000063')))).toBe('data')
  })

  test('records over TCP: two in a segment, one in two segments, one in two fragments', () => {
    const exchange = new Exchange('tcp', 2049)
    expect(applicationsOf(exchange.client(`80000030 ${GETATTR} 80000030 ${GETATTR}`))).toBe('rpc:nfs:nfs')
    expect(applicationsOf(exchange.server('8000001c 00000001 00000001'))).toBe('')
    const reply = exchange.server(REPLY.slice(18))
    expect(applicationsOf(reply)).toBe('rpc:nfs')
    expect(valuesOf(reply, 'rpc.fraglen')).toEqual([28])
    const first = exchange.client(`00000018 ${GETATTR.slice(0, 53)}`)
    expect(applicationsOf(first)).toBe('rpc')
    expect(valuesOf(first, 'rpc.xid')).toEqual([])
    const last = exchange.client(`80000018 ${GETATTR.slice(54)}`)
    expect(applicationsOf(last)).toBe('rpc:nfs')
    expect(valuesOf(last, 'rpc.procedure')).toEqual([1])
  })

  test("the portmapper's port is RPC, whatever comes", () => {
    const exchange = new Exchange('udp', 111)
    expect(applicationsOf(exchange.client('6162'))).toBe('rpc')
    // GETPORT of NFS version 3 over UDP.
    const call = exchange.client(
      '00000002 00000000 00000002 000186a0 00000002 00000003 00000000 00000000 00000000 00000000 000186a3 00000003 00000011 00000000',
    )
    expect(applicationsOf(call)).toBe('rpc:portmap')
    expect(valuesOf(call, 'portmap.prog')).toEqual([100003])
    const reply = exchange.server('00000002 00000001 00000000 00000000 00000000 00000000 00000801')
    expect(valuesOf(reply, 'portmap.port')).toEqual([2049])
  })
})
