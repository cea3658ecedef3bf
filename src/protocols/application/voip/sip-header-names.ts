/** The headers of SIP that Wireshark has a field for: IANA's "Session Initiation Protocol Parameters". */

/** Those whose value is text. */
export const textHeaders: readonly string[] = [
  'Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Additional-Identity Alert-Info',
  'Allow Allow-Events Answer-Mode Attestation-Info Authentication-Info Authorization Call-ID Call-Info',
  'Cellular-Network-Info Contact Content-Disposition Content-Encoding Content-Language Content-Type CSeq Date',
  'Error-Info Event Feature-Caps Flow-Timer From Geolocation Geolocation-Error Geolocation-Routing History-Info',
  'Identity Identity-info Info-Package In-Reply-To Join MIME-Version Min-Expires Min-SE Organization',
  'Origination-Id P-Access-Network-Info P-Answer-State P-Asserted-Identity P-Asserted-Service P-Charge-Info',
  'P-Associated-URI P-Called-Party-ID P-Charging-Function-Addresses P-Charging-Vector P-DCS-Trace-Party-ID',
  'P-DCS-OSPS P-DCS-Billing-Info P-DCS-LAES P-DCS-Redirect P-Early-Media P-Media-Authorization',
  'P-Preferred-Identity P-Preferred-Service P-Profile-Key P-Refused-URI-List P-Served-User P-User-Database',
  'P-Visited-Network-ID Path Permission-Missing Policy_Contact Policy_ID Priority Priority-Share Priv-Answer-mode',
  'Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Reason-Phrase Record-Route Recv-Info',
  'Refer-Sub Refer-To Referred-by Reject-Contact Relayed-Charge Replaces Reply-To Request-Disposition Require',
  'Resource-Priority Resource-Share Response-Source Restoration-Info Route Security-Client Security-Server',
  'Security-Verify Server Service-Interact-Info Service-Route Session-Expires Session-ID ETag If_Match Subject',
  'Subscription-State Supported Suppress_If_Match Target-Dialog Timestamp To Trigger-Consent Unsupported',
  'User-Agent Via Warning WWW-Authenticate Diversion',
].flatMap((line) => line.split(' '))

/** Those whose value is a number. */
export const numberHeaders: readonly string[] = [
  'Content-Length',
  'Expires',
  'Max-Breadth',
  'Max-Forwards',
  'Retry-After',
  'RSeq',
]

/** Their short names (RFC 3261 §7.3.3 and later RFCs), in lower case. */
export const shortNames: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
}
