/** Typed arrays that grow by doubling. Each returns the array itself while `index` still fits. */

export function growFloat64(array: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Float64Array(Math.max(index + 1, array.length * 2))
  larger.set(array)
  return larger
}

export function growInt32(array: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Int32Array(Math.max(index + 1, array.length * 2))
  larger.set(array)
  return larger
}

export function growUint8(array: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Uint8Array(Math.max(index + 1, array.length * 2))
  larger.set(array)
  return larger
}

export function growUint16(array: Uint16Array<ArrayBuffer>, index: number): Uint16Array<ArrayBuffer> {
  if (index < array.length) return array
  const larger = new Uint16Array(Math.max(index + 1, array.length * 2))
  larger.set(array)
  return larger
}
