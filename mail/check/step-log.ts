import { isMailError, MailError, mailErrorTexts, type MailErrorCode, withDetails } from '../errors';
import { findServiceOf } from '../service-preset';
import type { Server } from '../connector';
import type { CheckSide, CheckStep, CheckStepName } from './report';
import { endSentence } from './summary';

/** Failures that belong to a step whenever they come to light. */
const stepOf: Readonly<Partial<Record<MailErrorCode, CheckStepName>>> = {
	'connection.unknownHost': 'dns',
	'connection.refused': 'tcp',
	'connection.unreachable': 'tcp',
	'connection.proxy': 'tcp',
	'tls.untrusted': 'tls',
	'tls.expired': 'tls',
	'tls.wrongHost': 'tls',
	'tls.fingerprint': 'tls',
	'tls.plainServer': 'tls',
	'tls.expected': 'tls',
	'tls.noStarttls': 'tls',
	'tls.failed': 'tls',
	// TLS 1.3 reports a refused client certificate after the handshake.
	'auth.certificate': 'tls',
	'auth.unavailable': 'capability',
	'auth.rejected': 'authentication',
	'auth.tokenRejected': 'authentication',
	'auth.locked': 'authentication',
	'auth.expired': 'authentication',
	'auth.permission': 'folder',
	'auth.notConnected': 'authentication',
	'mailbox.missing': 'folder',
	'server.noUidl': 'folder',
};

/** What one side of the check has found so far. */
export class StepLog {
	readonly steps: CheckStep[] = [];
	readonly #side: CheckSide;
	readonly #server: Server;
	readonly #redact: (text: string) => string;
	#current: CheckStepName = 'dns';

	constructor(side: CheckSide, server: Server, redact: (text: string) => string) {
		this.#side = side;
		this.#server = server;
		this.#redact = redact;
	}

	/** From now on a failure is one of this step. */
	begin(step: CheckStepName): void {
		this.#current = step;
	}

	/** The step that has begun is over. */
	pass(detail: string): void {
		this.#add(this.#current, { ok: true, detail: this.#redact(detail) });
	}

	/** Nothing comes after it on this side. */
	fail(cause: unknown): CheckStep {
		const error = this.#toError(cause);
		const detail = `${endSentence(error.message)} ${error.remedy}`;
		return this.#add(stepOf[error.code] ?? this.#current, { ok: false, detail, error });
	}

	#add(step: CheckStepName, result: Omit<CheckStep, 'side' | 'step'>): CheckStep {
		const found = { side: this.#side, step, ...result };
		this.steps.push(found);
		return found;
	}

	/** Without the cause: it may hold what was sent to the server. */
	#toError(cause: unknown): MailError {
		const error = isMailError(cause) ? cause : new MailError('server.protocol');
		const { serverReply } = error;
		return withDetails(error, {
			serverReply: serverReply === undefined ? undefined : this.#redact(serverReply),
			remedy: this.#toRemedy(error),
		});
	}

	/** What is known of the provider says more than what holds for all of them. */
	#toRemedy({ code, remedy }: MailError): string {
		if (remedy !== mailErrorTexts[code].remedy || code !== 'auth.rejected') return remedy;
		const { hint, link } = findServiceOf(this.#server.host, this.#server.port) ?? {};
		return hint === undefined ? remedy : [hint, link].filter(Boolean).join(' ');
	}
}
