import type { Changed } from '@anju/contract/api'
import type { Text } from '../i18n/locale.tsx'
import { dayTime } from '../time/format.ts'

/** Who changed it meanwhile and when, as far as that is known. */
export const changedSentence = (t: Text, { by, at }: Changed): string => {
  const who = by ?? t('changed.somebody')
  return at === null ? t('changed.by', { by: who }) : t('changed.by-at', { by: who, at: dayTime(at) })
}
