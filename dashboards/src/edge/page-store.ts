/**
 * What one browser remembers. `kept` outlives the tab (language, habits of the hands); `tab` dies with it (leases, the
 * shift). A browser that refuses storage costs comfort, never an alarm.
 */
export interface Shelf {
  read(name: string): string | null
  write(name: string, value: string | null): void
}

const shelf = (open: () => Storage): Shelf => ({
  read(name) {
    try {
      return open().getItem(`anju.${name}`)
    } catch {
      return null
    }
  },
  write(name, value) {
    try {
      if (value === null) open().removeItem(`anju.${name}`)
      else open().setItem(`anju.${name}`, value)
    } catch {
      // Storage is full or refused.
    }
  },
})

export const kept = shelf(() => localStorage)
export const tab = shelf(() => sessionStorage)
