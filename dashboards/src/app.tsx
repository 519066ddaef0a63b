import { createTheme, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Waiting } from './frame/waiting.tsx'
import { LocaleProvider, useText } from './i18n/locale.tsx'
import { SessionGate } from './session/session-gate.tsx'

const theme = createTheme({
  primaryColor: 'dark',
  respectReducedMotion: true,
  components: {
    // The scroll lock writes a style element, which the page's content policy refuses; a dialog here needs none.
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, centered: true } },
  },
})

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, networkMode: 'always' } },
})

export function App() {
  return (
    <LocaleProvider>
      <MantineProvider theme={theme} forceColorScheme="light" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <Entry />
        </QueryClientProvider>
      </MantineProvider>
    </LocaleProvider>
  )
}

const AnswerPage = lazy(async () => ({ default: (await import('./answer/answer-page.tsx')).AnswerPage }))
/** What a message asks is answered without an account: the link's secret is the right. */
const answerLink = /^\/a\/([^/]+)\/?$/.exec(location.pathname)?.[1]

function Entry() {
  const t = useText()
  if (answerLink === undefined) return <SessionGate />
  return (
    <Suspense fallback={<Waiting text={t('frame.loading')} />}>
      <AnswerPage secret={answerLink} />
    </Suspense>
  )
}
