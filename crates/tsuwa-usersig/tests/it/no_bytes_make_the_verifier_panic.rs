use crate::support::*;
use tsuwa_usersig::UserBuf;

/// Numbers that are the same in every run (xorshift64; the triple of shifts is from Marsaglia's paper).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..self.next() % (most + 1)).map(|_| self.next() as u8).collect()
    }
}

#[test]
fn no_bytes_make_the_verifier_panic() {
    let mut numbers = Numbers(20_260_727);
    let good = json().into_bytes();
    for _ in 0..2000 {
        let noise = numbers.bytes(200);
        assert!(verify_alice(&String::from_utf8_lossy(&noise)).is_err());
        assert!(verify_alice(&to_base64(&noise)).is_err());
        assert!(verify_alice(&to_base64(&deflate(&noise, 1))).is_err());
        let _ = UserBuf::decode(&noise);

        let mut json = good.clone();
        let at = numbers.next() as usize % json.len();
        json[at] = numbers.next() as u8;
        let _ = verify_alice(&to_base64(&deflate(&json, 1)));
        let mut packed = deflate(&good, 6);
        let at = numbers.next() as usize % packed.len();
        packed[at] = numbers.next() as u8;
        let _ = verify_alice(&to_base64(&packed));
    }
}
