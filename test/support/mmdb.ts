/** Databases of countries for tests, of one record each: maxmind.github.io/MaxMind-DB, version 2.0. */

/** A value of a record. */
export type Value = string | number | { readonly [key: string]: Value }

/** Data section: a control octet with the type and length, then the content. Short values only. */
function encode(value: Value): number[] {
  // Type 2: UTF-8 text.
  if (typeof value === 'string') return [(2 << 5) | value.length, ...Buffer.from(value)]
  // Type 6: an unsigned integer of four octets.
  if (typeof value === 'number')
    return [(6 << 5) | 4, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
  // Type 7: a map.
  const entries = Object.entries(value)
  return [(7 << 5) | entries.length, ...entries.flatMap(([key, content]) => [...encode(key), ...encode(content)])]
}

/**
 * A database of one record, for the network whose address begins with `bits`: a node for each bit, each of two records of three
 * octets. A record below the number of nodes is another node, that number is "unknown", and above it is a place in the data.
 */
export function database(bits: string, record: Value, ipVersion: 4 | 6 = 4): Buffer {
  const nodeCount = bits.length
  const tree = [...bits].flatMap((bit, node) => {
    const next = node + 1 < nodeCount ? node + 1 : nodeCount + 16
    return (bit === '0' ? [next, nodeCount] : [nodeCount, next]).flatMap((to) => [
      to >> 16,
      (to >> 8) & 0xff,
      to & 0xff,
    ])
  })
  const metadata = {
    node_count: nodeCount,
    record_size: 24,
    ip_version: ipVersion,
    database_type: 'Test',
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
  }
  return Buffer.concat([
    Buffer.from(tree),
    Buffer.alloc(16),
    Buffer.from(encode(record)),
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    Buffer.from(encode(metadata)),
  ])
}
