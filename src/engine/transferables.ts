/**
 * What of a state need not be copied to get to another thread: the memory of its typed arrays.
 *
 * Memory is handed over only where one of the arrays covers it whole. An array that is part of something larger (a `Buffer` out of
 * Node's pool, which others use too) is copied by `postMessage`.
 */

/** A state is a tree, and not a deep one. */
const MAX_DEPTH = 16

/** The buffers to hand over with `state`, each once: plain data, Maps, Sets and typed arrays. */
export function buffersOf(state: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  collect(state, found, 0)
  return [...found]
}

function collect(value: unknown, found: Set<ArrayBuffer>, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw new RangeError('a state to carry to another thread is too deep')
  if (value instanceof ArrayBuffer) found.add(value)
  else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer)
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      collect(key, found, depth + 1)
      collect(item, found, depth + 1)
    }
  } else if (Array.isArray(value) || value instanceof Set) for (const item of value) collect(item, found, depth + 1)
  else for (const item of Object.values(value)) collect(item, found, depth + 1)
}
