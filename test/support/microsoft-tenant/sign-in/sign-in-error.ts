import { randomUUID } from 'node:crypto';
import { json, type Answer } from '../http/answer';

/** What an AADSTS number says: OAuth's `error`, and Microsoft's text after the number. */
interface Wording {
	readonly error: string;
	readonly text: string;
	/** Default 400; `invalid_client` has 401. */
	readonly status?: number;
}

/** Texts of https://learn.microsoft.com/entra/identity-platform/reference-error-codes; `{}` is filled in. */
const wordings: Readonly<Record<number, Wording>> = {
	16000: row(
		'interaction_required',
		'Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
	),
	28002: row(
		'invalid_scope',
		"Provided value for the input parameter scope '{}' isn't valid when requesting an access token. Specify a valid scope.",
	),
	50011: row(
		'invalid_client',
		"The redirect URI '{}' specified in the request does not match the redirect URIs configured for the application.",
		400,
	),
	50012: row('invalid_client', 'Authentication failed.'),
	50013: row('invalid_grant', 'Assertion failed validation. [Reason - {}]'),
	50020: row(
		'invalid_grant',
		"User account '{}' from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot access the application in that tenant.",
	),
	50027: row('invalid_client', 'JWT token is invalid or malformed. {}'),
	50034: row(
		'invalid_grant',
		'The user account {} does not exist in the tenant directory. To sign into this application, the account must be added to the directory.',
	),
	50053: row(
		'invalid_grant',
		"The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
	),
	50055: row('invalid_grant', 'The password is expired.'),
	50057: row('invalid_grant', 'The user account is disabled.'),
	50072: row(
		'interaction_required',
		'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.',
	),
	50074: row('interaction_required', 'Strong Authentication is required.'),
	50076: row(
		'interaction_required',
		'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication.',
	),
	50079: row(
		'interaction_required',
		'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.',
	),
	50105: row(
		'invalid_grant',
		'Your administrator has configured the application to block users unless they are specifically granted access to the application.',
	),
	50126: row('invalid_grant', 'Error validating credentials due to invalid username or password.'),
	50132: row(
		'invalid_grant',
		'The session is not valid due to the following reasons: password expiration or recent password change, SSO Artifact is invalid or expired.',
	),
	50133: row('invalid_grant', 'Session is invalid due to expiration or recent password change.'),
	50173: row(
		'invalid_grant',
		'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
	),
	50194: row(
		'invalid_request',
		"Application '{}' is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'.",
	),
	50196: row(
		'invalid_grant',
		'The server terminated an operation because it encountered a client request loop.',
	),
	53000: row('interaction_required', 'Device is not in required device state: compliant.'),
	53001: row('interaction_required', 'Device is not in required device state: domain_joined.'),
	53003: row('interaction_required', 'Access has been blocked by Conditional Access policies.'),
	54005: row(
		'invalid_grant',
		'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
	),
	65001: row(
		'invalid_grant',
		"The user or administrator has not consented to use the application with ID '{}'. Send an interactive authorization request for this user and resource.",
	),
	65004: row('access_denied', 'User declined to consent to access the app.'),
	70001: row('unauthorized_client', "Application with identifier '{}' was disabled."),
	70008: row(
		'invalid_grant',
		'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
	),
	70011: row(
		'invalid_scope',
		"The provided value for the input parameter 'scope' is not valid. {}",
	),
	70043: row(
		'invalid_grant',
		'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
	),
	90002: row(
		'invalid_request',
		"Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
	),
	90014: row('invalid_request', "The required field '{}' is missing from the credential."),
	90033: row('temporarily_unavailable', 'A transient error has occurred. Please try again.', 503),
	90038: row(
		'invalid_request',
		"Tenant '{}' request is being redirected to the National Cloud 'MicrosoftOnline.US'.",
	),
	90094: row(
		'invalid_grant',
		'An administrator of Contoso has set a policy that prevents you from granting {} the permissions it is requesting.',
	),
	90095: row('interaction_required', 'Admin consent is required.'),
	90124: row(
		'invalid_request',
		'The resource {} is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
	),
	90130: row(
		'invalid_request',
		'The application is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
	),
	500011: row(
		'invalid_resource',
		'The resource principal named {} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
	),
	501481: row(
		'invalid_grant',
		'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
	),
	530032: row('interaction_required', 'Blocked by security policy.'),
	530035: row('interaction_required', 'Access has been blocked by security defaults.'),
	650056: row(
		'invalid_client',
		'Misconfigured application. This could be due to one of the following: the client has not listed any permissions in the requested permissions in its application registration.',
	),
	650057: row(
		'invalid_resource',
		"Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {}.",
	),
	700016: row(
		'unauthorized_client',
		"Application with identifier '{}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
	),
	700021: row(
		'invalid_client',
		"Client assertion application identifier doesn't match 'client_id' parameter.",
	),
	700022: row(
		'invalid_scope',
		"The provided value for the input parameter scope '{}' isn't valid because it contains more than one resource.",
	),
	700023: row(
		'invalid_client',
		"Client assertion audience claim does not match Realm issuer. The audience was '{}'.",
	),
	700024: row('invalid_client', 'Client assertion is not within its valid time range. {}'),
	700025: row(
		'invalid_client',
		"Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
	),
	700027: row(
		'invalid_client',
		'Client assertion failed signature validation. [Reason - {}, Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for the app.]',
	),
	700030: row(
		'invalid_client',
		'Invalid certificate - subject name in certificate is not authorized. SubjectNames/SubjectAlternativeNames (up to 10) in token certificate are: {}.',
	),
	700082: row(
		'invalid_grant',
		'The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00.',
	),
	900023: row(
		'invalid_request',
		"Specified tenant identifier '{}' is neither a valid DNS name, nor a valid external domain.",
	),
	900144: row('invalid_request', "The request body must contain the following parameter: '{}'."),
	900382: row('invalid_request', 'Confidential Client is not supported in Cross Cloud request.'),
	1002012: row(
		'invalid_scope',
		'The provided value for scope {} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
	),
	7000112: row('unauthorized_client', "Application '{}' is disabled."),
	7000215: row(
		'invalid_client',
		"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
	),
	7000218: row(
		'invalid_client',
		"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
	),
	7000222: row(
		'invalid_client',
		"The provided client secret keys for app '{}' are expired. Visit the Azure portal to create new keys for your app.",
	),
	9001023: row(
		'invalid_request',
		'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
	),
	9002326: row(
		'invalid_request',
		"Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
	),
};

/** Every number that `refuse` of the fake can be told. */
export const knownSignInErrors: readonly number[] = Object.keys(wordings).map(Number);

/** A sign-in that is refused, with the number that Microsoft gives it. */
export class SignInError extends Error {
	readonly error: string;
	readonly status: number;

	constructor(
		readonly number: number,
		detail = '',
	) {
		const wording = wordings[number];
		if (wording === undefined) throw new Error(`AADSTS${number} is not in the fake's table.`);
		super(`AADSTS${number}: ${wording.text.replace('{}', detail)}`);
		this.error = wording.error;
		this.status = wording.status ?? (wording.error === 'invalid_client' ? 401 : 400);
	}
}

/** The JSON of https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "Error response". */
export function toErrorAnswer(refusal: SignInError, nowMs: number, correlationId?: string): Answer {
	const ids = { trace: randomUUID(), correlation: correlationId ?? randomUUID() };
	return json(refusal.status, {
		error: refusal.error,
		error_description: toErrorText(refusal, nowMs, ids),
		error_codes: [refusal.number],
		timestamp: toTimestamp(nowMs),
		trace_id: ids.trace,
		correlation_id: ids.correlation,
		error_uri: `https://login.microsoftonline.com/error?code=${refusal.number}`,
	});
}

/** The text with the ids that Microsoft's support asks for. */
export function toErrorText(
	refusal: SignInError,
	nowMs: number,
	ids: { readonly trace: string; readonly correlation: string } = {
		trace: randomUUID(),
		correlation: randomUUID(),
	},
): string {
	return `${refusal.message} Trace ID: ${ids.trace} Correlation ID: ${ids.correlation} Timestamp: ${toTimestamp(nowMs)}`;
}

function toTimestamp(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

function row(error: string, text: string, status?: number): Wording {
	return { error, text, status };
}
