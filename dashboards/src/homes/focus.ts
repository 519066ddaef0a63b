/** What was done is on the page within a few frames; after that whoever works there has gone on. */
const framesMax = 60

/** Where the focus goes when what had it is gone: to the first of these that is there, as soon as the page shows one of them. */
export const focusOn = (...selectors: readonly string[]): void => focusIn(document, ...selectors)

/** The same, of one form: another one that is open beside it has fields of the same names. */
export function focusIn(within: ParentNode, ...selectors: readonly string[]): void {
  let left = framesMax
  const look = () => {
    for (const selector of selectors) {
      const found = within.querySelector<HTMLElement>(selector)
      if (found) return found.focus()
    }
    if (left-- > 0) requestAnimationFrame(look)
    return undefined
  }
  requestAnimationFrame(look)
}
