import type { MailErrorCode } from '../../errors';

/** What is known of one fault at Microsoft; `title` and `remedy` as in `mailErrorTexts`. */
export interface MicrosoftFault {
	readonly code: MailErrorCode;
	readonly title: string;
	readonly remedy: string;
	/** Trying again later, without a change, may help. */
	readonly retryable?: boolean;
}
