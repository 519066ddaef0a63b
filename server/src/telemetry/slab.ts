/**
 * A slab is one piece of memory that crosses to the worker without being copied: message after message, each as the number
 * of its gateway, its length, and its bytes.
 */
export const slabBytes = 512 * 1024
const headerBytes = 8

export class SlabWriter {
  #view: DataView
  #bytes: Uint8Array
  used = 0
  messages = 0

  constructor(buffer: ArrayBuffer) {
    this.#view = new DataView(buffer)
    this.#bytes = new Uint8Array(buffer)
  }

  get buffer(): ArrayBuffer {
    return this.#bytes.buffer as ArrayBuffer
  }

  /** False when it does not fit any more. */
  add(gateway: number, payload: Uint8Array): boolean {
    const end = this.used + headerBytes + payload.byteLength
    if (end > this.#bytes.byteLength) return false
    this.#view.setUint32(this.used, gateway, true)
    this.#view.setUint32(this.used + 4, payload.byteLength, true)
    this.#bytes.set(payload, this.used + headerBytes)
    this.used = end
    this.messages++
    return true
  }
}

/** The payloads are views into the slab: they live as long as it does. */
export function* messagesIn(buffer: ArrayBuffer, used: number): Generator<{ gateway: number; payload: Uint8Array }> {
  const view = new DataView(buffer)
  for (let offset = 0; offset < used; ) {
    const gateway = view.getUint32(offset, true)
    const bytes = view.getUint32(offset + 4, true)
    offset += headerBytes
    yield { gateway, payload: new Uint8Array(buffer, offset, bytes) }
    offset += bytes
  }
}
