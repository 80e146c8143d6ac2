import { authenticationMethods, type AuthenticationVerdict } from '../classify/authentication';
import { type MailKind, mailKinds } from '../classify/kind';
import { toExcerpt } from '../excerpt';
import { createSetCondition, type Condition } from './condition';
import type { Refuse } from './refusal';
import type { RuleOperator } from './route';
import { splitFilledList } from './value-list';

const KIB = 1024;

const kindNames: Readonly<Record<MailKind, string>> = {
	automatic: 'made by a program',
	outOfOffice: 'an out-of-office note',
	bounce: 'a report of non-delivery',
	mailingList: 'from a mailing list',
	bulk: 'sent to many',
	calendarInvitation: 'a calendar invitation',
	reply: 'a reply',
	newThread: 'no reply',
};

/** `;` list of kinds; one is enough. */
export function compileKinds(value: string, refuse: Refuse): Condition {
	const kinds = splitFilledList(value, 'kinds', refuse).map((name) => {
		const kind = mailKinds.find((known) => known === name);
		return kind ?? refuse(`${toExcerpt(name)} is not a kind of e-mail`);
	});
	return createSetCondition(
		kinds.map((kind) => ({ key: kind, because: `it is ${kindNames[kind]}` })),
		(view) => view.kinds,
	);
}

/** Kilobytes, also with a fraction. */
export function compileSize(operator: RuleOperator, value: string, refuse: Refuse): Condition {
	const kilobytes = Number(value.trim().replace(',', '.'));
	if (value.trim() === '' || !Number.isFinite(kilobytes) || kilobytes < 0) {
		return refuse(`${toExcerpt(value)} is not a size in kilobytes`);
	}
	const isLarger = operator === 'larger';
	const because = `it is ${isLarger ? 'larger' : 'smaller'} than ${kilobytes} kB`;
	return ({ sizeBytes }) => {
		const holds = isLarger ? sizeBytes > kilobytes * KIB : sizeBytes < kilobytes * KIB;
		return holds ? { because } : undefined;
	};
}

/** `;` list of `spf=pass` and its like; one is enough. */
export function compileAuthentication(
	value: string,
	trustedServers: readonly string[],
	refuse: Refuse,
): Condition {
	const wanted = splitFilledList(value, 'verdicts', refuse).map((entry) => {
		const [name, verdict] = entry.toLowerCase().split('=');
		const method = authenticationMethods.find((known) => known === name);
		if (method === undefined || !isVerdict(verdict)) {
			return refuse(`${toExcerpt(entry)} is no verdict such as dmarc=fail`);
		}
		return { method, verdict, because: `${method.toUpperCase()} is ${verdict}` };
	});
	if (trustedServers.length === 0) {
		return refuse(
			'no server is named under Trusted Authentication Servers, so there is no verdict',
		);
	}
	return ({ verdicts }) => {
		const found = wanted.find(({ method, verdict }) => verdicts[method] === verdict);
		return found && { because: found.because };
	};
}

/** `;` list of read, unread, flagged and the server's keywords; one is enough. */
export function compileMarks(value: string, refuse: Refuse): Condition {
	return createSetCondition(
		splitFilledList(value, 'marks', refuse).map((mark) => ({
			key: mark.toLowerCase(),
			because: `it is marked ${toExcerpt(mark)}`,
		})),
		(view) => view.marks,
	);
}

function isVerdict(text: string | undefined): text is AuthenticationVerdict {
	return text === 'pass' || text === 'fail' || text === 'none';
}
