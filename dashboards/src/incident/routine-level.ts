export type Level = 'cannot-tell' | 'none' | 'little' | 'some' | 'much'

/** Of the steps in which the sensor was heard, in how many somebody did something. Nothing heard is no "none". */
export function levelOf({ heard, active }: { readonly heard: number; readonly active: number }): Level {
  if (heard === 0) return 'cannot-tell'
  if (active === 0) return 'none'
  const share = active / heard
  return share < 0.1 ? 'little' : share < 0.3 ? 'some' : 'much'
}
