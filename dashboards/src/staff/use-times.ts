import type { Hours } from '@anju/contract/api'
import { useCallback } from 'react'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { endsNextDay } from './wall-time.ts'

/** Days and times in words: `Mon, Tue 22:00–06:00 (next day)`. */
export function useTimes(): (hours: Hours) => string {
  const t = useText()
  const words = useWords()
  return useCallback(
    ({ days, from, to }) => {
      const named = days.map((day) => words('weekday', String(day))).join(t('staff.comma'))
      const on = days.length === 7 ? t('duty.every-day') : named
      return t(endsNextDay(from, to) ? 'duty.times-over-midnight' : 'duty.times', { on, from, to })
    },
    [t, words],
  )
}
