/**
 * Typed arrays that grow. Each returns the array itself while `index` still fits.
 *
 * They grow eightfold: memory that is not written to yet costs nothing, and copying, for which old and new exist side by side, is
 * rare then.
 */

function lengthFor(length: number, index: number): number {
  return Math.max(index + 1, length * 8)
}

export function growFloat64(array: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Float64Array(lengthFor(array.length, index))
  larger.set(array)
  return larger
}

export function growInt32(array: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Int32Array(lengthFor(array.length, index))
  larger.set(array)
  return larger
}

export function growUint8(array: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Uint8Array(lengthFor(array.length, index))
  larger.set(array)
  return larger
}

export function growUint32(array: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Uint32Array(lengthFor(array.length, index))
  larger.set(array)
  return larger
}

export function growUint16(array: Uint16Array<ArrayBuffer>, index: number): Uint16Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Uint16Array(lengthFor(array.length, index))
  larger.set(array)
  return larger
}
