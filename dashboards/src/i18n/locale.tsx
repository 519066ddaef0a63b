import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { IntlProvider, useIntl } from 'react-intl'
import { kept } from '../edge/page-store.ts'
import { en } from './messages-en.ts'
import { type MessageId, zh } from './messages-zh.ts'
import { plainWords } from './plain-words.ts'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]
const catalogues: Record<Locale, Record<MessageId, string>> = { 'zh-CN': zh, en }

const LocaleChoice = createContext<{ locale: Locale; choose: (locale: Locale) => void }>({
  locale: 'zh-CN',
  choose: () => {},
})
export const useLocale = () => useContext(LocaleChoice)

/** Chinese unless this browser was switched; the switch is at once and remembered. */
export function LocaleProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(() => (kept.read('locale') === 'en' ? 'en' : 'zh-CN'))
  useEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  const choice = useMemo(
    () => ({
      locale,
      choose(next: Locale) {
        kept.write('locale', next)
        setLocale(next)
      },
    }),
    [locale],
  )
  return (
    <LocaleChoice value={choice}>
      <IntlProvider locale={locale} messages={catalogues[locale]}>
        {children}
      </IntlProvider>
    </LocaleChoice>
  )
}

export type Text = (id: MessageId, values?: Readonly<Record<string, string | number>>) => string

/** The page's words in the chosen language. An id that is in no catalogue does not compile. */
export function useText(): Text {
  const intl = useIntl()
  return useCallback(
    (id, values) => (values === undefined ? plainWords(intl, id) : intl.formatMessage({ id }, values)),
    [intl],
  )
}
