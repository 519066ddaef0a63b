import { LOCALES, type Locale, useLocale, useText } from '../i18n/locale.tsx'
import styles from './language-switch.module.css'

/** Each language names itself, so that who cannot read the page can still find their own. */
const names: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

export function LanguageSwitch() {
  const t = useText()
  const { locale, choose } = useLocale()
  return (
    <fieldset className={styles['switch']} aria-label={t('frame.language')}>
      {LOCALES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          data-locale={each}
          className={styles['choice']}
          aria-pressed={each === locale}
          onClick={() => choose(each)}
        >
          {names[each]}
        </button>
      ))}
    </fieldset>
  )
}
