import type { CheckSide, CheckStep, CheckStepName } from './report';

const sideNames: Readonly<Record<CheckSide, string>> = {
	incoming: 'Incoming',
	outgoing: 'Outgoing',
};

const moments: Readonly<Record<CheckStepName, string>> = {
	dns: 'looking up the server',
	tcp: 'connecting to the server',
	tls: 'protecting the connection',
	greeting: 'waiting for the greeting of the server',
	capability: 'looking for a way to sign in',
	authentication: 'signing in',
	folder: 'opening the folder',
	testMail: 'sending the test e-mail',
};

/** `Incoming: signed in to …` */
export function toSuccessSentence(side: CheckSide, works: string): string {
	return endSentence(`${sideNames[side]}: ${works}`);
}

/** `Incoming failed while signing in. …`, with the server's words and the remedy. */
export function toFailureSentence({ side, step, detail }: CheckStep): string {
	return `${sideNames[side]} failed while ${moments[step]}. ${detail}`;
}

/** As `toFailureSentence`, where both sides failed at the same step for the same reason, and one answer tells it. */
export function toCommonSentence({ step, detail }: CheckStep): string {
	return `Incoming and outgoing failed while ${moments[step]}. ${detail}`;
}

/** Servers end some of their answers with a period of their own. */
export function endSentence(text: string): string {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}
