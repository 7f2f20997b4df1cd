import type { Preset } from '../../presets.ts'

/** A text of the page in both languages. */
export type Text = { en: string; ja: string }

/** Every text of the page, except what differs from the real services. */
export const texts = {
  tagline: {
    en: 'Temporary AWS access from Slack that ends on time',
    ja: 'Slack で申請し、時間どおりに終わる AWS 一時アクセス',
  },
  awsTime: { en: 'AWS time', ja: 'AWS の時刻' },
  moveClock: { en: 'Move the clock', ja: '時計を進める' },
  fiveMinutes: { en: '+5 min', ja: '+5 分' },
  oneHour: { en: '+1 h', ja: '+1 時間' },
  toNextEnd: { en: 'To the next end', ja: '次の終了時刻へ' },
  noNextEnd: { en: 'No access is active', ja: '有効なアクセスはありません' },
  bot: { en: 'Curfew bot', ja: 'Curfew ボット' },
  botState: {
    ready: { en: 'Running', ja: '稼働中' },
    starting: { en: 'Starting…', ja: '起動中…' },
    stopped: { en: 'Stopped', ja: '停止中' },
  },
  stopBot: { en: 'Stop the bot', ja: 'ボットを停止' },
  startBot: { en: 'Start the bot', ja: 'ボットを起動' },
  killHint: {
    en: 'Kills the process (SIGKILL), as a crash would',
    ja: 'クラッシュと同じく、プロセスを強制終了します（SIGKILL）',
  },
  lost: {
    en: 'The playground does not answer. Is “npm start” still running? This page comes back by itself.',
    ja: 'プレイグラウンドから応答がありません。「npm start」は実行中ですか？ 再開すると自動的につながります。',
  },
  loading: { en: 'Opening the playground…', ja: 'プレイグラウンドを開いています…' },

  story: { en: 'The story in five steps', ja: '5 つのステップ' },
  stepDone: { en: 'done', ja: '完了' },
  steps: {
    approve: { en: 'Approve the waiting request', ja: '待っている申請を承認する' },
    stop: { en: 'Stop the bot', ja: 'ボットを停止する' },
    jump: { en: 'Jump to the end', ja: '終了時刻へ進める' },
    refused: { en: 'Watch AWS refuse', ja: 'AWS の拒否を見る' },
    cleanup: { en: 'Start the bot again: it cleans up', ja: 'ボットを再び起動：後片付けされる' },
  },
  preset: { en: 'Story', ja: 'ストーリー' },
  presets: {
    jumpAccount: { en: 'Jump account', ja: '踏み台アカウント' },
    identityCenter: { en: 'Identity Center', ja: 'Identity Center' },
    both: { en: 'Both', ja: '両方' },
  } satisfies Record<Preset, Text>,
  beginStory: {
    en: 'Begin anew with this story? Everything that has happened here is erased.',
    ja: 'このストーリーで最初から始めますか？ これまでの出来事はすべて消去されます。',
  },
  beginning: { en: 'Beginning anew: a few seconds.', ja: '最初から始めています。数秒お待ちください。' },
  hints: {
    approve: {
      en: 'Alice has asked for an hour on one table. In Bob’s Slack, click Approve.',
      ja: 'Alice さんがテーブル 1 つへの 1 時間のアクセスを申請しました。Bob さんの Slack で「Approve」を押してください。',
    },
    approveBoth: {
      en: 'Alice waits for a table and for Production. In Bob’s Slack, approve both; the steps follow the table.',
      ja: 'Alice さんがテーブルと本番へのアクセスを待っています。Bob さんの Slack で両方を承認してください。手順はテーブルの話です。',
    },
    stop: {
      en: 'Alice’s call works now. Top right, stop the bot: from here on nobody is there to remove her access.',
      ja: 'Alice さんの呼び出しが通るようになりました。右上でボットを停止すると、アクセスを削除するものはいなくなります。',
    },
    jump: {
      en: 'Click “To the next end”: the clock of AWS moves to the moment the access ends.',
      ja: '「次の終了時刻へ」を押すと、AWS の時計がアクセスの終了時刻まで進みます。',
    },
    refused: {
      en: 'The terminal below repeats Alice’s call: AWS itself refuses it, although the policy is still attached.',
      ja: '下のターミナルで Alice さんの呼び出しが続いています。ポリシーが付いたままでも、AWS 自身が拒否します。',
    },
    cleanup: {
      en: 'Start the bot: it finds what has ended, removes the policy and says so in Slack.',
      ja: 'ボットを起動すると、終了したアクセスを見つけてポリシーを削除し、Slack に知らせます。',
    },
    missed: {
      en: 'The bot was running, so it removed the access at once. Ask again as Alice to see the end without the bot.',
      ja: 'ボットが動いていたため、すぐに削除されました。ボットなしの終了を見るには、Alice さんとしてもう一度申請してください。',
    },
    done: {
      en: 'It ended on time with only AWS running. Now try your own: /request-access, as anyone you like.',
      ja: 'ボットが止まっていても、AWS だけで時間どおりに終わりました。次は好きな人の Slack で /request-access を試してみてください。',
    },
    doneJump: {
      en: 'It ended on time with only AWS running. Next, ask for “One DynamoDB table in Development”, trial: of the team’s role only Alice’s sessions get it.',
      ja: 'AWS だけで時間どおりに終わりました。次は「開発 DynamoDB テーブル」の trial を申請してみてください。チームのロールのうち、Alice さんのセッションだけが使えます。',
    },
    starting: { en: 'The bot is starting: a few seconds.', ja: 'ボットを起動しています。数秒お待ちください。' },
  },

  /** The same steps where the access is a permission set on a leash. */
  leashedHints: {
    approve: {
      en: 'Alice has asked for an hour in Production, by a permission set. In Bob’s Slack, click Approve.',
      ja: 'Alice さんが許可セットによる本番への 1 時間のアクセスを申請しました。Bob さんの Slack で「Approve」を押してください。',
    },
    session: {
      en: 'The set is Alice’s for an hour, and its sessions last eight. Open one in her terminal below.',
      ja: 'Alice さんは許可セットを 1 時間使えます。セッションの長さは 8 時間です。下のターミナルでセッションを開いてください。',
    },
    stop: {
      en: 'Alice’s session lasts eight hours. Top right, stop the bot: nobody is there to remove her access.',
      ja: 'Alice さんのセッションは 8 時間有効です。右上でボットを停止すると、アクセスを削除するものはいなくなります。',
    },
    jump: {
      en: 'Click “To the next end”: the clock of AWS moves to the moment the access ends.',
      ja: '「次の終了時刻へ」を押すと、AWS の時計がアクセスの終了時刻まで進みます。',
    },
    refused: {
      en: 'The terminal below repeats Alice’s call: in a session AWS itself refuses it, although she is still assigned.',
      ja: '下のターミナルで Alice さんの呼び出しが続いています。割り当てが残っていても、セッション内の呼び出しは AWS 自身が拒否します。',
    },
    notRefused: {
      en: 'The access is over, the bot is down, and nothing ends it: below, take a fresh session. Then put the leash back.',
      ja: '終了時刻を過ぎても、ボットが止まっているため誰も終わらせません。下で新しいセッションも試し、リーシュを戻してください。',
    },
    goesOn: {
      en: 'The bot removes the assignment, and Alice’s open session goes on all the same. Put the leash back.',
      ja: 'ボットが割り当てを削除しても、Alice さんの開いているセッションは続きます。リーシュを戻してください。',
    },
    cleanup: {
      en: 'AWS refuses the open session. The portal still offers the set: a fresh session is refused too. Then start the bot.',
      ja: 'AWS が開いているセッションを拒否しました。ポータルで新しいセッションを取得しても拒否されます。続いてボットを起動してください。',
    },
    done: {
      en: 'On its leash, the set ends on time with only AWS running, in open sessions too. To compare, ask again, stop the bot, and take the leash off (right).',
      ja: 'リーシュがあれば、開いているセッションも AWS だけで時間どおりに終わります。もう一度申請し、ボットを停止してから右でリーシュを外すと、違いを比べられます。',
    },
  },

  slackOf: { en: 'Slack of', ja: 'Slack の表示' },
  roles: {
    U0ALICE: { en: 'developer, asks', ja: '開発者（申請する人）' },
    U0BOB: { en: 'platform lead, approves', ja: '基盤チーム（承認する人）' },
    U0CAROL: { en: 'security', ja: 'セキュリティ' },
    U0DAI: { en: 'developer, reads Japanese', ja: '開発者（日本語表示）' },
  } as Record<string, Text>,
  conversations: { en: 'Conversations', ja: '会話' },
  unread: { en: 'unread', ja: '未読' },
  messages: { en: 'Messages', ja: 'メッセージ' },
  noMessages: { en: 'No messages here yet.', ja: 'まだメッセージはありません。' },
  onlyVisible: { en: 'Only visible to you', ja: 'あなただけに表示されています' },
  edited: { en: '(edited)', ja: '（編集済み）' },
  app: { en: 'APP', ja: 'アプリ' },
  compose: { en: 'or type a command', ja: 'またはコマンドを入力' },
  send: { en: 'Send', ja: '送信' },
  onlyCommands: {
    en: 'In the playground only commands are sent: type /request-access.',
    ja: 'プレイグラウンドで送信できるのはコマンドだけです。/request-access と入力してください。',
  },
  noLinks: {
    en: 'In the playground links lead nowhere. This one would open:',
    ja: 'プレイグラウンドではリンク先は開きません。このリンク先:',
  },
  notPossible: {
    en: 'That is no longer there. The page shows what is.',
    ja: 'すでにありません。最新の表示をご確認ください。',
  },
  dismiss: { en: 'Dismiss', ja: '閉じる' },
  required: { en: 'Please complete this required field.', ja: 'この項目は必須です。' },
  optional: { en: '(optional)', ja: '（任意）' },
  choose: { en: 'Choose', ja: '選択' },

  awsChanges: { en: 'Changes are', ja: '変更の呼び出し' },
  awsChangesHint: {
    en: 'Break AWS on purpose: how it answers calls that change something',
    ja: 'AWS をわざと壊す：変更を行う呼び出しへの応答を選びます',
  },
  awsFaults: {
    none: { en: 'made as usual', ja: '通常' },
    throttle: { en: 'throttled', ja: 'スロットリング' },
    conflict: { en: 'in conflict', ja: '競合エラー' },
    fail: { en: 'failing (500)', ja: '失敗（500）' },
    hang: { en: 'never answered', ja: '応答なし' },
    unheard: { en: 'made, unheard', ja: '実行、応答は届かない' },
    delay: { en: 'answered late', ja: '応答が遅い' },
  },
  slackMessages: { en: 'Slack messages are', ja: 'Slack へのメッセージ' },
  slackMessagesHint: {
    en: 'Break Slack on purpose: how it answers the bot’s calls about messages',
    ja: 'Slack をわざと壊す：ボットのメッセージ送信への応答を選びます',
  },
  slackFaults: {
    none: { en: 'taken as usual', ja: '通常' },
    rate_limit: { en: 'rate-limited', ja: 'レート制限' },
    fail: { en: 'failing', ja: '失敗' },
    hang: { en: 'never answered', ja: '応答なし' },
    unheard: { en: 'posted, unheard', ja: '投稿、応答は届かない' },
  },
  broken: {
    aws: {
      throttle: { en: 'AWS throttles every change.', ja: 'AWS がすべての変更をスロットリングしています。' },
      conflict: { en: 'AWS refuses every change as a conflict.', ja: 'AWS がすべての変更を競合として拒否しています。' },
      fail: { en: 'AWS fails at every change.', ja: 'AWS ですべての変更が失敗しています。' },
      hang: { en: 'AWS neither makes nor answers a change.', ja: 'AWS は変更に応答せず、実行もしません。' },
      unheard: {
        en: 'AWS makes every change, and its answer is lost.',
        ja: 'AWS は変更を実行しますが、応答が失われます。',
      },
      delay: { en: 'AWS answers every change after 5 seconds.', ja: 'AWS は変更に 5 秒後に応答します。' },
    },
    slack: {
      rate_limit: { en: 'Slack limits the rate of messages.', ja: 'Slack がメッセージをレート制限しています。' },
      fail: { en: 'Slack fails at every message.', ja: 'Slack ですべてのメッセージが失敗しています。' },
      hang: {
        en: 'Slack neither shows nor answers a message.',
        ja: 'Slack はメッセージに応答せず、表示もしません。',
      },
      unheard: {
        en: 'Slack shows every message, and its answer is lost.',
        ja: 'Slack はメッセージを表示しますが、応答が失われます。',
      },
    },
  },
  watch: {
    aws: {
      en: 'The bot goes on until AWS agrees: nothing is lost, nothing is done twice.',
      ja: 'ボットは AWS と一致するまで作業を続けます。漏れも重複もありません。',
    },
    slack: {
      en: 'What was decided is done in AWS all the same, and in the end Slack says so, once.',
      ja: '決まったことは AWS でそのまま実行され、Slack には最後に 1 回だけ届きます。',
    },
  },
  backToNormal: { en: 'Back to normal', ja: '通常に戻す' },

  aws: { en: 'AWS', ja: 'AWS' },
  whoCan: { en: 'Who can do what right now', ja: 'いま誰が何をできるか' },
  allowed: { en: 'allowed', ja: '可能' },
  notAllowed: { en: 'not allowed', ja: '不可' },
  byUser: { en: 'as IAM user', ja: 'IAM ユーザー' },
  byPortal: { en: 'through the portal, set', ja: 'ポータル経由、許可セット' },
  byRole: { en: 'by switching to role', ja: 'ロールの切り替え、ロール' },
  bySession: { en: 'open session of', ja: '開いているセッション' },
  until: { en: 'until', ja: '終了' },
  whatIsThere: { en: 'What is attached', ja: '付与されているもの' },
  byCurfew: { en: 'Curfew', ja: 'Curfew' },
  endedStillThere: { en: 'ended: AWS refuses it, still attached', ja: '終了済み：AWS が拒否（まだ付いています）' },
  endedStillAssigned: {
    en: 'ended: AWS refuses it, still assigned',
    ja: '終了済み：AWS が拒否（割り当ては残っています）',
  },
  overStillUsable: { en: 'over, but AWS still allows it', ja: '終了時刻を過ぎても、まだ使えます' },
  leash: { en: 'Leash', ja: 'リーシュ' },
  leashHint: {
    en: 'The permissions boundary in this account: who may use it, and until when',
    ja: 'このアカウントでのアクセス許可境界：誰がいつまで使えるか',
  },
  leashOf: {
    en: (name: string, time: string) => `${name} until ${time}`,
    ja: (name: string, time: string) => `${name}：${time} まで`,
  },
  leashOfNobody: { en: 'lets nobody in', ja: '誰も使えません' },
  generation: { en: 'generation', ja: '世代' },
  withoutLeash: { en: 'Without the leash', ja: 'リーシュなしで見る' },
  withoutLeashHint: {
    en: 'Takes the boundary off the set, as an administrator could, to compare',
    ja: '比較のため、管理者の操作と同じように許可セットから境界を外します',
  },
  withoutLeashLater: {
    en: 'To compare, once somebody has this set and the bot is stopped: running, it would notice and take the access away',
    ja: '誰かに許可セットを割り当て、ボットを停止すると比較できます（稼働中のボットは検知してアクセスを削除します）',
  },
  leashIsOff: { en: 'Without the leash.', ja: 'リーシュなし。' },
  leashIsOffSo: {
    en: 'As where access ends by removal alone: with the bot stopped, open and fresh sessions go on after the end. Running, Curfew notices, takes the access away and refuses new requests.',
    ja: '削除だけで終わる仕組みと同じ状態です。ボットが止まっていると、開いているセッションも新しいセッションも終了後まで使えます。稼働中の Curfew は検知してアクセスを削除し、新しい申請を拒否します。',
  },
  leashBack: { en: 'Put the leash back', ja: 'リーシュを戻す' },
  noAssignments: { en: 'No permission set assigned', ja: '許可セットの割り当てなし' },
  group: { en: 'group', ja: 'グループ' },
  role: { en: 'role', ja: 'ロール' },
  assignment: {
    CREATING: { en: 'creating…', ja: '作成中…' },
    ASSIGNED: { en: 'present', ja: '有効' },
    DELETING: { en: 'removing…', ja: '削除中…' },
  },
  failed: { en: 'failed', ja: '失敗' },
  calls: { en: 'Latest AWS API calls', ja: '最近の AWS API 呼び出し' },
  noClockReadings: {
    en: 'Without sts:GetCallerIdentity, by which the bot reads the clock of AWS.',
    ja: 'ボットが AWS の時刻を読むための sts:GetCallerIdentity は省いています。',
  },
  noCalls: { en: 'No calls yet.', ja: 'まだ呼び出しはありません。' },

  terminal: { en: 'Terminal', ja: 'ターミナル' },
  terminalOf: {
    en: (name: string) => `${name}’s terminal, every second`,
    ja: (name: string) => `${name} のターミナル（毎秒実行）`,
  },
  ok: { en: 'OK: AWS answers', ja: 'OK：AWS が応答しました' },
  noSession: { en: 'No session in this account yet', ja: 'このアカウントのセッションはまだありません' },
  openSession: {
    en: (name: string) => `Open a portal session as ${name}`,
    ja: (name: string) => `${name} としてポータルのセッションを開く`,
  },
  freshSession: {
    en: (name: string) => `Take a fresh session as ${name}`,
    ja: (name: string) => `${name} として新しいセッションを取得する`,
  },
  enter: {
    en: (name: string, role: string) => `Switch to ${role} as ${name}`,
    ja: (name: string, role: string) => `${name} として ${role} に切り替える`,
  },
  enterAnew: {
    en: (name: string, role: string) => `Switch to ${role} anew as ${name}`,
    ja: (name: string, role: string) => `${name} として ${role} に切り替え直す`,
  },
  session: { en: 'session', ja: 'セッション' },
  nowAllowed: { en: 'AWS now allows the call.', ja: 'AWS が呼び出しを許可しました。' },
  nowRefused: { en: 'AWS now refuses the call.', ja: 'AWS が呼び出しを拒否しました。' },

  differences: { en: 'What differs from the real services', ja: '実際のサービスとの違い' },
  language: { en: 'Language', ja: '言語' },
}
