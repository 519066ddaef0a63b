/** What was done is on the page within a few frames; after that whoever works there has gone on. */
const framesMax = 60

/** Where the focus goes when what had it is gone: to the first of these that is there, as soon as the page shows one of them. */
export function focusOn(...selectors: readonly string[]): void {
  let left = framesMax
  const look = () => {
    for (const selector of selectors) {
      const found = document.querySelector<HTMLElement>(selector)
      if (found) return found.focus()
    }
    if (left-- > 0) requestAnimationFrame(look)
    return undefined
  }
  requestAnimationFrame(look)
}
