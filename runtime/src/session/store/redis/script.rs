//! What is asked of the server: each question one script, so that nothing comes in between.
//!
//! Every script may be run twice with the same arguments, since an answer can get lost.

use crate::session::store::{Expected, Record};
use ::redis::{Script, ScriptInvocation, Value};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::LazyLock,
    time::Duration,
};
use zeroize::Zeroizing;

/// `look` answers whether the key holds what a script of ours has written: a hash with a version, a
/// record, and the record's checksum. `change` numbers a change and tells of it. The number is the
/// server's clock where that is ahead, so that it grows even if the server forgets it.
const COMMON: &str = r"
local function look()
  local kind = redis.call('TYPE', KEYS[1]).ok
  if kind == 'none' then return 'nothing' end
  if kind ~= 'hash' then return 'unreadable', 'a value of the type ' .. kind end
  local held = redis.call('HMGET', KEYS[1], 'version', 'record', 'sum', 'write')
  if not (held[1] and held[2] and held[3]) then return 'unreadable', 'a hash of something else' end
  if not string.match(held[1], '^%d+$') or #held[1] > 16 then return 'unreadable', 'a damaged version' end
  if redis.sha1hex(held[2]) ~= held[3] then return 'unreadable', 'a damaged record' end
  return 'record', held
end
local function grow(key, least)
  local time = redis.call('TIME')
  local before = tonumber(redis.call('GET', key) or '0') or 0
  if before ~= before or before > 9007199254740000 then before = 0 end
  local number = math.max(time[1] * 1000000 + time[2], before + 1, least + 1)
  number = string.format('%.0f', number)
  redis.call('SET', key, number)
  return number
end
local function change(least)
  local number = grow(KEYS[2], least)
  redis.call('PUBLISH', KEYS[4], number)
  return number
end
";

const LOAD: &str = r"
local state, held = look()
local number = redis.call('GET', KEYS[2]) or '0'
if state == 'unreadable' then return {state, held} end
if state == 'nothing' then return {state, number} end
return {state, number, held[1], held[2]}
";

/// Arguments: what is expected (`any`, `nothing`, or a version), the record, the name of this very
/// write, the lock it is made under (or nothing), whether it says that a token is about to be
/// spent, whether what is there is known to be no record.
const SWAP: &str = r"
local expected, record, write, lock, spends, aside = unpack(ARGV)
local state, held = look()
if state == 'record' and held[4] == write then return {'done', held[1]} end
if state == 'unreadable' and expected ~= 'any' then return {state, held} end
local version = state == 'record' and held[1] or '0'
if expected == 'nothing' and state ~= 'nothing' then return {'lost'} end
if string.match(expected, '^%d') and (state ~= 'record' or version ~= expected) then return {'lost'} end
if lock ~= '' and spends == '1' and redis.call('GET', KEYS[3]) ~= lock then return {'lapsed'} end
local answer = {'done', ''}
if state == 'unreadable' or (state == 'record' and aside == '1') then
  local name, n = KEYS[5], 1
  while redis.call('EXISTS', name) == 1 do n = n + 1; name = KEYS[5] .. '-' .. n end
  redis.call('RENAME', KEYS[1], name)
  answer[3] = name
end
answer[2] = change(tonumber(version))
redis.call('HSET', KEYS[1], 'version', answer[2], 'record', record, 'sum', redis.sha1hex(record),
  'write', write, 'fence', string.match(lock, '^%d+') or '0')
return answer
";

const CLEAR: &str = r"
local state, held = look()
if state == 'unreadable' then return {state, held} end
if state == 'nothing' or held[1] ~= ARGV[1] then return {'lost'} end
local number = change(tonumber(held[1]))
redis.call('DEL', KEYS[1])
return {'done', number}
";

/// The value of the lock is its fencing number and who has it.
const LOCK: &str = r"
local held = redis.call('GET', KEYS[3])
if held and string.match(held, ':(.*)$') == ARGV[1] then return {'done', held} end
if held then return {'held', tostring(redis.call('PTTL', KEYS[3]))} end
local value = grow(KEYS[6], 0) .. ':' .. ARGV[1]
redis.call('SET', KEYS[3], value, 'NX', 'PX', ARGV[2])
return {'done', value}
";

const RELEASE: &str = r"
local held = redis.call('GET', KEYS[3])
if held and string.match(held, ':(.*)$') == ARGV[1] then
  redis.call('DEL', KEYS[3])
  redis.call('PUBLISH', KEYS[4], 'free')
end
return {'done'}
";

struct Scripts {
    load: Script,
    swap: Script,
    clear: Script,
    lock: Script,
    release: Script,
}

static SCRIPTS: LazyLock<Scripts> = LazyLock::new(|| {
    let script = |code: &str| Script::new(&[COMMON, code].concat());
    Scripts {
        load: script(LOAD),
        swap: script(SWAP),
        clear: script(CLEAR),
        lock: script(LOCK),
        release: script(RELEASE),
    }
});

/// The keys of one store.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) record: String,
    version: String,
    lock: String,
    pub(super) changes: String,
    unreadable: String,
    fence: String,
}

impl Names {
    pub(super) fn new(key: String) -> Self {
        // What stands in braces decides on which node of a cluster a key is; all must be on one.
        let tagged = key
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'))
            .is_some_and(|(tag, _)| !tag.is_empty());
        let name = |what: &str| match tagged {
            true => format!("{key}:{what}"),
            false => format!("{{{key}}}:{what}"),
        };
        Self {
            version: name("version"),
            lock: name("lock"),
            changes: name("changes"),
            unreadable: name("unreadable"),
            fence: name("fence"),
            record: key,
        }
    }

    pub(super) fn load(&self) -> ScriptInvocation<'static> {
        self.ask(&SCRIPTS.load)
    }

    pub(super) fn swap(
        &self,
        expected: Expected,
        record: &Record,
        fence: Option<&str>,
        aside: bool,
    ) -> ScriptInvocation<'static> {
        let expected = match expected {
            Expected::Anything => "any".to_owned(),
            Expected::Version(version) => version.to_string(),
        };
        self.write(&expected, record, fence, aside)
    }

    /// A write that happens only where there is nothing.
    pub(super) fn restore(&self, record: &Record) -> ScriptInvocation<'static> {
        self.write("nothing", record, None, false)
    }

    fn write(
        &self,
        expected: &str,
        record: &Record,
        fence: Option<&str>,
        aside: bool,
    ) -> ScriptInvocation<'static> {
        let bytes: Zeroizing<Vec<u8>> = record.encode();
        let mut ask = self.ask(&SCRIPTS.swap);
        ask.arg(expected)
            .arg(bytes.as_slice())
            .arg(nonce())
            .arg(fence.unwrap_or_default())
            .arg(u8::from(record.marker.is_some()))
            .arg(u8::from(aside));
        ask
    }

    pub(super) fn clear(&self, version: u64) -> ScriptInvocation<'static> {
        let mut ask = self.ask(&SCRIPTS.clear);
        ask.arg(version);
        ask
    }

    pub(super) fn lock(&self, holder: &str, lease: Duration) -> ScriptInvocation<'static> {
        let mut ask = self.ask(&SCRIPTS.lock);
        let lease = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
        // The server refuses a lease of nothing, and one that ends after the end of its calendar.
        ask.arg(holder).arg(lease.clamp(1, 1 << 52));
        ask
    }

    pub(super) fn release(&self, holder: &str) -> ScriptInvocation<'static> {
        let mut ask = self.ask(&SCRIPTS.release);
        ask.arg(holder);
        ask
    }

    fn ask(&self, script: &'static Script) -> ScriptInvocation<'static> {
        let mut ask = script.key(&self.record);
        ask.key(&self.version)
            .key(&self.lock)
            .key(&self.changes)
            .key(&self.unreadable)
            .key(&self.fence);
        ask
    }
}

/// A name that nobody else has.
pub(super) fn nonce() -> String {
    // std seeds its hash maps from the operating system; no dependency gives better.
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

/// What a load found.
pub(super) enum Found {
    Nothing,
    Record {
        version: u64,
        bytes: Zeroizing<Vec<u8>>,
    },
}

/// What became of a write.
pub(super) enum Swapped {
    Done { version: u64, aside: Option<String> },
    Lost,
    Lapsed,
    Unreadable(String),
}

/// What became of the wish for the lock.
pub(super) enum Locked {
    /// It is ours; the fencing number and the holder.
    Done(String),
    /// It is someone else's, for as long.
    Held(Duration),
}

pub(super) fn found(reply: Value) -> Result<(Found, u64), String> {
    let mut words = Words::of(reply);
    match words.next().as_slice() {
        b"nothing" => Ok((Found::Nothing, words.number())),
        b"record" => {
            let number = words.number();
            let version = words.number();
            let bytes = words.next();
            Ok((Found::Record { version, bytes }, number))
        }
        _ => Err(words.text()),
    }
}

pub(super) fn swapped(reply: Value) -> Swapped {
    let mut words = Words::of(reply);
    match words.next().as_slice() {
        b"done" => Swapped::Done {
            version: words.number(),
            aside: Some(words.text()).filter(|aside| !aside.is_empty()),
        },
        b"lost" => Swapped::Lost,
        b"lapsed" => Swapped::Lapsed,
        _ => Swapped::Unreadable(words.text()),
    }
}

/// The number of the change, if there was one.
pub(super) fn cleared(reply: Value) -> Result<Option<u64>, String> {
    let mut words = Words::of(reply);
    match words.next().as_slice() {
        b"done" => Ok(Some(words.number())),
        b"lost" => Ok(None),
        _ => Err(words.text()),
    }
}

pub(super) fn locked(reply: Value) -> Locked {
    let mut words = Words::of(reply);
    match words.next().as_slice() {
        b"done" => Locked::Done(words.text()),
        _ => Locked::Held(Duration::from_millis(words.number())),
    }
}

/// The elements of a script's answer, in order; empty ones follow the last.
struct Words(std::vec::IntoIter<Value>);

impl Words {
    fn of(reply: Value) -> Self {
        match reply {
            Value::Array(words) => Self(words.into_iter()),
            _ => Self(Vec::new().into_iter()),
        }
    }

    fn next(&mut self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self.0.next() {
            Some(Value::BulkString(bytes)) => bytes,
            _ => Vec::new(),
        })
    }

    fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.next()).into_owned()
    }

    fn number(&mut self) -> u64 {
        self.text().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_in_one_slot() {
        let plain = Names::new("app:ada".to_owned());
        assert_eq!(plain.version, "{app:ada}:version");
        let tagged = Names::new("app:{ada}".to_owned());
        assert_eq!(tagged.lock, "app:{ada}:lock");
        let empty = Names::new("app:{}".to_owned());
        assert_eq!(empty.fence, "{app:{}}:fence");
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_no_record() {
        for reply in [Value::Nil, Value::Array(Vec::new()), Value::Okay] {
            assert!(found(reply.clone()).is_err());
            assert!(cleared(reply.clone()).is_err());
            assert!(matches!(swapped(reply), Swapped::Unreadable(_)));
        }
    }
}
