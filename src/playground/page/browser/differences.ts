import type { Text } from './texts.ts'

/** What differs from the real services, in one place. */
export const differences: Text[] = [
  {
    en: 'Slack, AWS and DynamoDB are simulated in this process; the bot is the real one and talks to them over HTTP and WebSocket. Nothing leaves this machine.',
    ja: 'Slack、AWS、DynamoDB はこのプロセス内のシミュレーションです。ボットは本物で、HTTP と WebSocket で通信します。このマシンの外には何も送られません。',
  },
  {
    en: 'Only the API methods that Curfew and a requester need are there. Others are refused as unknown.',
    ja: 'Curfew と申請者に必要な API だけがあります。それ以外は未知の操作として拒否されます。',
  },
  {
    en: 'A change in AWS is effective at once. Real IAM takes seconds, sometimes minutes, to spread a new policy; the end by time bound needs no spreading there either.',
    ja: 'AWS での変更はすぐに有効になります。実際の IAM では、新しいポリシーの反映に数秒から数分かかります。時刻条件による終了は、実際の AWS でも反映を待ちません。',
  },
  {
    en: 'What is broken on this page is broken for every call of its kind, until it is set back or the playground starts anew; real faults come and go.',
    ja: 'このページで壊したものは、元に戻すかプレイグラウンドを再起動するまで、同じ種類のすべての呼び出しに及びます。実際の障害は断続的です。',
  },
  {
    en: 'Assigning or removing a permission set takes three seconds of AWS time; the real one takes seconds to minutes.',
    ja: '許可セットの割り当てと削除は、AWS の時刻でちょうど 3 秒かかります。実際には数秒から数分かかります。',
  },
  {
    en: 'Policies are judged by a small evaluator: identity and session policies, the usual condition operators. No service control policies, no resource policies except role trust.',
    ja: 'ポリシーは小さな評価器で判定します。対象は ID ベースとセッションのポリシー、一般的な条件演算子です。SCP や、ロールの信頼ポリシー以外のリソースポリシーはありません。',
  },
  {
    en: 'The terminal’s calls are judged like this as well; the tables and instances themselves do not exist.',
    ja: 'ターミナルの呼び出しも同じ方法で判定します。テーブルやインスタンス自体は存在しません。',
  },
  {
    en: 'The clock only moves forward. It moves AWS and the world of Slack; deadlines of the connection itself, such as Slack’s 3 seconds, are real time.',
    ja: '時計は進めることしかできません。進むのは AWS と Slack の世界の時刻で、Slack の 3 秒ルールのような通信の期限は実時間です。',
  },
  {
    en: 'People send commands, click and fill in forms; they do not chat. Slack’s layout is simplified.',
    ja: '人ができるのはコマンド、ボタン、フォームの操作だけで、チャットはできません。Slack の表示は簡略化されています。',
  },
]
