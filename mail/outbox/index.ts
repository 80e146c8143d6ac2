export { composeMessage } from './compose';
export { toCompleteBody } from './body';
export { type AnsweredMessage, toReplyRecipients, toReplySubject, toReplyThread } from './reply';
export {
	overrideMessage,
	overrideSentCopy,
	toRedirectedFrom,
	type Override,
	type OverrideRules,
} from './override';
export { assertMaySend, createOutbox, type Outbox, type SendOptions } from './send';
export { reasonAgainstSentCopy } from './sent-copy';
export { SentRegister } from './sent-register';
export type { WhenUncertain } from './submit';
export type { OutgoingBody } from './signature';
