import type { Page } from 'playwright-core'

/** The share of a screenshot's pixels that have a colour of their own (HSV saturation above a quarter, not near black). */
export async function saturatedShare(page: Page): Promise<number> {
  const png = (await page.screenshot()).toString('base64')
  // Decoded on a blank page of its own: the page under test has a policy and a state that are not ours to touch.
  const blank = await page.context().newPage()
  try {
    return await blank.evaluate<number>(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(png)}), (char) => char.charCodeAt(0))
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      let saturated = 0
      for (let i = 0; i < data.length; i += 4) {
        const high = Math.max(data[i], data[i + 1], data[i + 2])
        const low = Math.min(data[i], data[i + 1], data[i + 2])
        if (high > 40 && (high - low) / high > 0.25) saturated++
      }
      return saturated / (data.length / 4)
    })()`)
  } finally {
    await blank.close()
  }
}
