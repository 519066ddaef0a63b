/**
 * 53 59 radars (115200 8N1): `53 59 | control | command | length u16, high byte first | data | sum of all before | 54 43`. Written
 * apart from our own decoder, so that the two can disagree.
 */
export function encodeFrame(control: number, command: number, data: readonly number[]): number[] {
  const frame = [0x53, 0x59, control, command, data.length >> 8, data.length & 0xff, ...data]
  return [...frame, frame.reduce((sum, byte) => sum + byte, 0) & 0xff, 0x54, 0x43]
}
