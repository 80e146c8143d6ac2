/** What nodemailer tells of a failed command, read field by field: its errors come untyped out of callbacks. */
export interface SmtpFailure {
	/** nodemailer's class: `EAUTH`, `EENVELOPE`, `EMESSAGE`, `ECONNECTION`, … */
	readonly code?: string;
	/** The command that failed: `MAIL FROM`, `RCPT TO`, `DATA`, `AUTH PLAIN`, `CONN`, `API`, … */
	readonly command?: string;
	/** RFC 5321, section 4.2: `550`. */
	readonly replyCode?: number;
	/** RFC 3463: `5.1.1`. */
	readonly status?: string;
	/** The whole reply with its codes, perhaps of several lines. */
	readonly reply?: string;
	/** Why XOAUTH2 was refused, as the server's challenge says. */
	readonly challengeStatus?: string;
	/** The recipient that was refused. */
	readonly recipient?: string;
	/** One for each refused recipient, where all were refused. */
	readonly recipients: readonly SmtpFailure[];
}

export function toSmtpFailure(error: unknown): SmtpFailure {
	if (typeof error !== 'object' || error === null) return { recipients: [] };
	const fields: Partial<Record<string, unknown>> = { ...error };
	const reply = toText(fields.response);
	const replyCode = fields.responseCode;
	const rejected = fields.rejectedErrors;
	return {
		code: toText(fields.code),
		command: toText(fields.command),
		replyCode: typeof replyCode === 'number' ? replyCode : undefined,
		status: reply === undefined ? undefined : toStatus(reply),
		reply,
		challengeStatus: toText(fields.challengeStatus),
		recipient: toText(fields.recipient),
		recipients: Array.isArray(rejected) ? rejected.map(toSmtpFailure) : [],
	};
}

/** The enhanced status code that opens the text of a reply (RFC 2034, section 4). */
export function toStatus(reply: string): string | undefined {
	return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(reply)?.[1];
}

/**
 * The SASL mechanisms of an EHLO reply, upper case (RFC 4954, section 3). Some servers still write `AUTH=`, the
 * form of before the standard.
 */
export function toAuthMechanisms(ehloReply: string): string[] {
	return [...ehloReply.matchAll(/^250[ -]AUTH[ =](.*)$/gim)].flatMap(([, list = '']) =>
		list
			.toUpperCase()
			.split(/[\s=]+/)
			.filter(Boolean),
	);
}

/** The keywords of the extensions in an EHLO reply, upper case (RFC 5321, section 4.1.1.1). */
export function toExtensions(ehloReply: string): ReadonlySet<string> {
	const [, ...lines] = ehloReply.split(/\r?\n/);
	return new Set(lines.flatMap((line) => /^250[ -]([\w-]+)/.exec(line)?.[1]?.toUpperCase() ?? []));
}

function toText(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
