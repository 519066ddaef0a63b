import type { Telegram } from '../protocols/esp3/telegram.ts'
import { bytesOfHex } from '../src/byte-reader.ts'

/** A telegram, as examples are written: its kind and payload. */
export const telegram = (rorg: number, payload: string, more: Partial<Telegram> = {}): Telegram => ({
  rorg,
  payload: bytesOfHex(payload),
  sender: '0181B744',
  status: 0,
  ...more,
})

/** One data byte sealed with a key: what a device that was taught in securely sends. */
export const sealed = telegram(0x30, '9A 12 34 56 78 9A BC')

export const usbReceiver =
  'A receiver such as USB 300 on a USB port at 57600 baud; the eight digits of the sender are on the device’s label.'
