import { seconds } from '@anju/contract/time'
import { useEffect, useState } from 'react'
import { pageClock } from '../edge/page-clock.ts'

/** The browser's time, once a second. */
export function useNow(): number {
  const [now, setNow] = useState<number>(() => pageClock.now())
  useEffect(() => {
    const timer = pageClock.every(seconds(1), () => setNow(pageClock.now()))
    return () => timer.cancel()
  }, [])
  return now
}
