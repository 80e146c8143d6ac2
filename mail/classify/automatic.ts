import type { MessageHead } from '../message';

type Headers = MessageHead['headers'];

/** Precedence is no standard, but what programs wrote before RFC 3834. */
const AUTOMATIC_PRECEDENCE = /^(auto_reply|auto-reply)$/i;

/** Of single products; where one of these stands a program has answered, whatever its value. */
const AUTOMATIC_HEADERS = ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'x-mail-autoreply'];

/** How programs begin the subject of an absence note, in their languages. */
const ABSENCE_SUBJECT = new RegExp(
	`^\\s*(?:${[
		'out of (?:the )?office',
		'automatic reply',
		'auto(?:matic)?[- ]?(?:response|reply)',
		'abwesend',
		'abwesenheit',
		'automatische antwort',
		'réponse automatique',
		'absence du bureau',
		'respuesta automática',
		'fuera de la oficina',
		'risposta automatica',
		'fuori sede',
		'resposta automática',
		'automatisch antwoord',
		'afwezig',
		'autosvar',
		'automaattinen vastaus',
		'odpowiedź automatyczna',
		'automatická odpověď',
		'автоответ',
		'自動応答',
		'自动答复',
	].join('|')})`,
	'iu',
);

/**
 * Made by a program and not by a person: answers, reports, notifications (RFC 3834, section 5). Mail that says nothing
 * of the kind is a person's.
 */
export function isAutomatic({ headers }: MessageHead): boolean {
	const submitted = first(headers, 'auto-submitted');
	if (submitted !== undefined) return !/^\s*no\b/i.test(submitted);
	return isOldAutomatic(headers);
}

/** Somebody is away: an automatic answer that says so, by its keyword or its subject. */
export function isOutOfOffice(head: MessageHead): boolean {
	const { headers, subject } = head;
	const submitted = first(headers, 'auto-submitted') ?? '';
	if (/vacation/i.test(submitted) || headers.has('x-vacation')) return true;
	// Exchange marks its absence notes as generated, others as answers: the subject has to tell them from reports.
	return isAutomatic(head) && ABSENCE_SUBJECT.test(subject);
}

function isOldAutomatic(headers: Headers): boolean {
	if (AUTOMATIC_PRECEDENCE.test(first(headers, 'precedence')?.trim() ?? '')) return true;
	return AUTOMATIC_HEADERS.some((name) => headers.has(name));
}

function first(headers: Headers, name: string): string | undefined {
	return headers.get(name)?.[0];
}
