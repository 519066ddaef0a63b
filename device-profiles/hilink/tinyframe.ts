/** A message of the family, as examples are written: floats and whole numbers, four bytes each, lowest first. */
export const message = (type: number, ...data: number[]) => ({ type, data: Uint8Array.from(data) })
export const words = (...numbers: number[]): number[] => [...new Uint8Array(Uint32Array.from(numbers).buffer)]
export const floats = (...numbers: number[]): number[] => [...new Uint8Array(Float32Array.from(numbers).buffer)]
