import type { Person } from '@anju/contract/api'
import { type FormEvent, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import { HomeSearch } from '../plans/home-search.tsx'
import styles from './homes.module.css'

/** Where the focus goes when a home is left that nothing on the page leads to. */
export const homesTitleId = 'homes-title'

/** The way to a home whose people are to be seen to. */
export function HomeFinder({
  me,
  onOpen,
}: {
  readonly me: Pick<Person, 'role'>
  readonly onOpen: (home: string) => void
}) {
  const t = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  function open(event: FormEvent) {
    event.preventDefault()
    if (chosen !== null) onOpen(chosen)
  }
  return (
    <section className={styles['block']} aria-labelledby={homesTitleId} data-homes>
      <h3 id={homesTitleId} tabIndex={-1}>
        {t(me.role === 'operator' ? 'homes.title-operator' : 'homes.title')}
      </h3>
      <p className={styles['soft']}>{t(me.role === 'operator' ? 'homes.what-operator' : 'homes.what')}</p>
      <form className={styles['home']} onSubmit={open}>
        <HomeSearch chosen={chosen} problem={undefined} field="homes" onChoose={setChosen} />
        {chosen !== null && (
          <div className={styles['buttons']}>
            <button type="submit" className={styles['button']} data-action="open-home">
              {t('homes.open')}
            </button>
          </div>
        )}
      </form>
    </section>
  )
}
