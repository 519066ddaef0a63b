import { correction, generate } from 'lean-qr'

/** The dark squares of a QR code as one SVG path, a square being 1 by 1. */
export function qrPath(text: string): { readonly path: string; readonly size: number } {
  const code = generate(text, { minCorrectionLevel: correction.M })
  const rows: string[] = []
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) rows.push(`M${x} ${y}h1v1h-1z`)
  return { path: rows.join(''), size: code.size }
}
