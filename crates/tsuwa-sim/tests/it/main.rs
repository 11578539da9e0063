//! The town itself: that its days can be lived again, and hold.

mod a_day_holds;
mod a_seed_lives_the_same_day_again;
