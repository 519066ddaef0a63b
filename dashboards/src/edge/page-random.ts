import type { Random } from '@anju/contract/random'

/** The browser's chance: the only place here that asks for it. */
export const pageRandom: Random = {
  uniform: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 4_294_967_296,
}

/** A key no other command of any page will carry: 128 random bits as hex. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
