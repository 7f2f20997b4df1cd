import type { Button } from '@slack/types'
import { remedyFor } from '../../core/aws-commands.ts'
import type { Catalogue, Language } from '../../core/entitlement.ts'
import type { RequestId } from '../../core/ids.ts'
import { type Comparison, mostPressingFirst } from '../../core/reconcile.ts'
import { askingBack, button, context, type Message, section } from './blocks.ts'
import { countsInWords, findingSentence, unreadSentence } from './finding-words.ts'
import { codeBlock, shorten } from './mrkdwn.ts'
import { nameText } from './words.ts'

/** More lines than this nobody reads; the terminal shows all. */
const mostLines = 10

/** The digest of a comparison: counts, then at most ten lines, each with the command that helps; what operators may end has a button. */
export function renderDigest(day: string, { findings, unread }: Comparison, catalogue: Catalogue): Message {
  const { language } = catalogue.slack
  const counts = countsInWords(findings, unread, language)
  const lines = [
    // What could not be read comes first: it may hide anything.
    ...unread.map(one => section(`• ${unreadSentence(one, catalogue, language, nameText)}`)),
    ...mostPressingFirst(findings).map(finding => {
      const command = codeBlock([shorten(remedyFor(finding, catalogue.aws.identityCenter), 1000)])
      const line = section(`• ${findingSentence(finding, catalogue, language, nameText)}\n${command}`)
      return 'endBy' in finding && finding.endBy ? { ...line, accessory: endButton(finding.endBy, language) } : line
    }),
  ]
  const more = lines.length - mostLines
  return {
    text: `${texts.headline[language]}: ${counts}`,
    blocks: [
      section(`:mag: *${texts.headline[language]}* ${day}\n${counts}`),
      ...lines.slice(0, mostLines),
      context(...(more > 0 ? [texts.more(more)[language]] : []), texts.changesNothing[language]),
    ],
  }
}

function endButton(id: RequestId, language: Language): Button {
  return askingBack(button('end', texts.end[language], id, 'danger'), {
    title: texts.endTitle[language],
    text: texts.endText[language],
    yes: texts.endYes[language],
    no: texts.endNo[language],
  })
}

const texts = {
  end: { en: 'End it', ja: '削除する' },
  endTitle: { en: 'Take it away?', ja: 'このアクセスを削除しますか？' },
  endText: {
    en: 'For operators. No request answers for it; Curfew removes it like any access, and says here when it is gone.',
    ja: '管理者だけが実行できます。対応する有効な申請がありません。Curfew が通常のアクセスと同様に削除し、完了をここでお知らせします。',
  },
  endYes: { en: 'Take it away', ja: '削除する' },
  endNo: { en: 'Leave it', ja: '残す' },
  headline: { en: 'AWS compared with Curfew’s records', ja: 'AWS と Curfew の記録の照合' },
  more: (number: number): Record<Language, string> => ({
    en: `and ${number} more: \`npm run report -- --strays\` shows all.`,
    ja: `ほか ${number} 件。すべて表示: \`npm run report -- --strays\``,
  }),
  changesNothing: {
    en: 'Curfew changes nothing here by itself. The command below a line takes the access away, or shows who took it.',
    ja: 'Curfew はここでは何も変更しません。各行のコマンドで、アクセスを削除するか、誰が削除したかを確認できます。',
  },
}
