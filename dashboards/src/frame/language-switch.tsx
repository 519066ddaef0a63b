import { LOCALES, type Locale, useLocale, useText } from '../i18n/locale.tsx'
import { OneOf } from './one-of.tsx'

/** Each language names itself, so that who cannot read the page can still find their own. */
const names: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

export function LanguageSwitch() {
  const t = useText()
  const { locale, choose } = useLocale()
  return (
    <OneOf
      label={t('frame.language')}
      of="locale"
      options={LOCALES}
      chosen={locale}
      word={(each) => names[each]}
      onChoose={choose}
      inItsLanguage
    />
  )
}
